import { randomBytes } from 'node:crypto';
import { among } from '../../store/many.ts';
import { inOrder, type Page, type PageOf, pageOfAll, pagesByParent } from '../../store/pages.ts';
import type { Store } from '../../store/tables.ts';
import { hashSecret, newSecret } from '../keys/secrets.ts';
import type { Application, Registration } from './application.ts';
import { applicationOf, registrationRow } from './rows.ts';

/** An application and the hash of its secret. For the authorization server only. */
export interface ApplicationWithSecret {
  readonly application: Application;
  /** Null for an application without a client secret. */
  readonly secretHash: string | null;
}

/**
 * Registers an application. Does not check the registration; `checkedRegistration` checks it.
 *
 * @param now milliseconds since the epoch
 * @param id the client ID. Default: 96 random bits
 * @returns the application and its client secret, or null if it has none. Only this call returns the secret.
 */
export async function registerApplication(
  store: Store,
  registration: Registration,
  now: number,
  id: string = randomBytes(12).toString('hex'),
): Promise<{ application: Application; clientSecret: string | null }> {
  const clientSecret = registration.tokenEndpointAuthMethod.startsWith('client_secret') ? newSecret() : null;
  const row = {
    ...registrationRow(registration),
    id,
    created_at: now,
    secret_hash: clientSecret && hashSecret(clientSecret),
  };
  await store.insertInto('applications').values(row).execute();
  return { application: applicationOf(row), clientSecret };
}

/** Returns the application with this client ID and the hash of its secret, for the authorization server. */
export async function findApplicationWithSecret(store: Store, id: string): Promise<ApplicationWithSecret | null> {
  const row = await store.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? { application: applicationOf(row), secretHash: row.secret_hash } : null;
}

/** Returns the applications with these client IDs, in the order of `ids`; null for an ID without an application. */
export async function findApplications(store: Store, ids: readonly string[]): Promise<(Application | null)[]> {
  const rows = await store
    .selectFrom('applications')
    .selectAll()
    .where(among(store, 'id', ids))
    .execute();
  return inOrder(ids, rows.map(applicationOf));
}

/**
 * Returns one page of all applications, newest first.
 *
 * @param accountId only applications that this account registered. Default: all
 */
export function listApplications(store: Store, page: Page, accountId?: string): Promise<PageOf<Application>> {
  const where = accountId === undefined ? {} : { registered_by: accountId };
  return pageOfAll(store, 'applications', where, page, applicationOf);
}

/** Returns a page of the applications that each account registered, newest first, in the order of `accountIds`. */
export function applicationsByAccount(
  store: Store,
  accountIds: readonly string[],
  page: Page,
): Promise<PageOf<Application>[]> {
  return pagesByParent(store, 'applications', 'registered_by', accountIds, page, applicationOf);
}
