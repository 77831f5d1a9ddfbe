import type { Selectable } from 'kysely';
import { among } from '../../store/many.ts';
import { inOrder, type Page, type PageOf, pageOfAll, pagesByParent } from '../../store/pages.ts';
import type { Store, Tables } from '../../store/tables.ts';

/** The access that a person has granted to an application. */
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
  /** The hash of the facts on the consent page (`consentKey`); null: the consent is not remembered. */
  readonly consentSeen: string | null;
}

/** A grant with the payload of oidc-provider, which is stored unchanged. */
export interface GrantToSave extends Omit<Grant, 'createdAt' | 'consentSeen'> {
  readonly payload: Record<string, unknown>;
}

/**
 * Stores a grant, or replaces its scopes, payload and expiry. Does not check the credential epoch of the account;
 * `isInCredentialEpoch` checks it.
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

/** Returns the payload that `saveGrant` stored; undefined if there is no such grant. */
export async function grantPayload(store: Store, id: string): Promise<Record<string, unknown> | undefined> {
  const row = await store.selectFrom('grants').select('payload').where('id', '=', id).executeTakeFirst();
  return row && JSON.parse(row.payload);
}

/** Returns the grants with these IDs, in the order of `ids`; null for an ID without a grant. */
export async function findGrants(store: Store, ids: readonly string[]): Promise<(Grant | null)[]> {
  const rows = await store
    .selectFrom('grants')
    .selectAll()
    .where(among(store, 'id', ids))
    .execute();
  return inOrder(ids, rows.map(grantOf));
}

/**
 * Returns one page of all grants, newest first.
 *
 * @param of only grants of this account, to this application, or both. Default: all grants
 */
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

/** Returns a page of the grants that each account gave, newest first, in the order of `accountIds`. */
export function grantsByAccount(store: Store, accountIds: readonly string[], page: Page): Promise<PageOf<Grant>[]> {
  return pagesByParent(store, 'grants', 'account_id', accountIds, page, grantOf);
}

/** Returns a page of the grants to each application, newest first, in the order of `applicationIds`. */
export function grantsByApplication(
  store: Store,
  applicationIds: readonly string[],
  page: Page,
): Promise<PageOf<Grant>[]> {
  return pagesByParent(store, 'grants', 'application_id', applicationIds, page, grantOf);
}

/** Returns the grant of a row. */
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
