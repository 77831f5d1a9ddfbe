import type { Selectable } from 'kysely';
import { among } from '../../store/many.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { inOrder, type Page, type PageOf, pageOfAll, pagesByParent } from '../../store/pages.ts';

/** What a person has allowed an application. */
export interface Grant {
  readonly id: string;
  readonly accountId: string;
  /** The client ID. */
  readonly applicationId: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** What the person saw who allowed it (`consentSeen`); null: the yes is remembered for nothing. */
  readonly consentSeen: string | null;
}

/** A grant as oidc-provider hands it over: its payload is kept for it as it is. */
export interface GrantToSave extends Omit<Grant, 'createdAt' | 'consentSeen'> {
  readonly payload: Record<string, unknown>;
}

/**
 * Does not check whether the account still stands for it: `stands`.
 *
 * @param now milliseconds since the epoch
 */
export async function saveGrant(store: Store, grant: GrantToSave, now: number): Promise<void> {
  const row = {
    scopes: JSON.stringify(grant.scopes),
    payload: JSON.stringify(grant.payload),
    expires_at: grant.expiresAt,
  };
  await store
    .insertInto('grants')
    .values({
      id: grant.id,
      account_id: grant.accountId,
      application_id: grant.applicationId,
      created_at: now,
      ...row,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Lets the yes of a grant count for later requests, where the person would see the same. @param seen from `consentSeen` */
export async function rememberConsent(store: Store, id: string, seen: string): Promise<void> {
  await store.updateTable('grants').set({ consent_seen: seen }).where('id', '=', id).execute();
}

/** Forgets every yes to an application: the grants stay, and the next request shows the consent page. */
export async function forgetConsents(store: Store, applicationId: string): Promise<void> {
  await store
    .updateTable('grants')
    .set({ consent_seen: null })
    .where('application_id', '=', applicationId)
    .where('consent_seen', 'is not', null)
    .execute();
}

/** What `saveGrant` was given as payload. */
export async function grantPayload(store: Store, id: string): Promise<Record<string, unknown> | undefined> {
  const row = await store.selectFrom('grants').select('payload').where('id', '=', id).executeTakeFirst();
  return row && JSON.parse(row.payload);
}

/** @returns the grants in the order of `ids`; null where there is none */
export async function findGrants(store: Store, ids: readonly string[]): Promise<(Grant | null)[]> {
  const rows = await store
    .selectFrom('grants')
    .selectAll()
    .where(among(store, 'id', ids))
    .execute();
  return inOrder(ids, rows.map(grantOf));
}

/** How many grants of one application are looked at to remember what was allowed. */
const mostRemembered = 50;

/**
 * What an account has granted an application and has neither taken back nor outlived, newest first: the last 50.
 *
 * @param seen from `consentSeen`: only grants for which the person saw the same
 */
export async function rememberedGrants(
  store: Store,
  accountId: string,
  applicationId: string,
  seen: string,
  now: number,
): Promise<readonly Grant[]> {
  const rows = await store
    .selectFrom('grants')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('application_id', '=', applicationId)
    .where('consent_seen', '=', seen)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .limit(mostRemembered)
    .execute();
  return rows.map(grantOf);
}

/** One page of all grants, newest first. @param of only those of an account, of an application, or of both */
export function listGrants(
  store: Store,
  page: Page,
  of: { readonly accountId?: string; readonly applicationId?: string } = {},
): Promise<PageOf<Grant>> {
  const where = {
    ...(of.accountId !== undefined && { account_id: of.accountId }),
    ...(of.applicationId !== undefined && { application_id: of.applicationId }),
  };
  return pageOfAll(store, 'grants', where, page, grantOf);
}

/** What each account has granted, newest first. @returns the pages in the order of `accountIds` */
export function grantsByAccount(store: Store, accountIds: readonly string[], page: Page): Promise<PageOf<Grant>[]> {
  return pagesByParent(store, 'grants', 'account_id', accountIds, page, grantOf);
}

/** What each application was granted, newest first. @returns the pages in the order of `applicationIds` */
export function grantsByApplication(
  store: Store,
  applicationIds: readonly string[],
  page: Page,
): Promise<PageOf<Grant>[]> {
  return pagesByParent(store, 'grants', 'application_id', applicationIds, page, grantOf);
}

/** A grant as its row says. */
export function grantOf(row: Selectable<Tables['grants']>): Grant {
  return {
    id: row.id,
    accountId: row.account_id,
    applicationId: row.application_id,
    scopes: JSON.parse(row.scopes),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    consentSeen: row.consent_seen,
  };
}
