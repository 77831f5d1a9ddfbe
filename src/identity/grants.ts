import type { Selectable } from 'kysely';
import { type Revoke, revoking } from '../store/revocations.ts';
import type { Store, Tables } from '../store/tables.ts';
import { type Page, type PageOf, pagesByParent } from './page.ts';

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
}

/** A grant as oidc-provider hands it over: its payload is kept for it as it is. */
export interface GrantToSave extends Omit<Grant, 'createdAt'> {
  readonly payload: Record<string, unknown>;
}

/** @param now milliseconds since the epoch */
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

/** What `saveGrant` was given as payload. */
export async function grantPayload(store: Store, id: string): Promise<Record<string, unknown> | undefined> {
  const row = await store.selectFrom('grants').select('payload').where('id', '=', id).executeTakeFirst();
  return row && JSON.parse(row.payload);
}

/**
 * Ends a grant: its codes, refresh tokens and access tokens count no more, and none that was on its way can be used. The
 * access tokens are refused at once in this process, and in every other within two seconds.
 *
 * @param now milliseconds since the epoch
 */
export async function revokeGrant(store: Store, id: string, now: number): Promise<void> {
  await revoking(store, now, (transaction, revoke) => removeGrants(transaction, revoke, [id]));
}

/**
 * Ends a grant that this account gave.
 *
 * @param now milliseconds since the epoch
 * @returns the grant that was; null if the account has no such grant
 */
export async function revokeOwnGrant(store: Store, accountId: string, id: string, now: number): Promise<Grant | null> {
  return revoking(store, now, async (transaction, revoke) => {
    const row = await transaction
      .selectFrom('grants')
      .selectAll()
      .where('id', '=', id)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    if (!row) return null;
    await removeGrants(transaction, revoke, [id]);
    return grant(row);
  });
}

/**
 * Ends every grant of an account that holds a scope it may not have (any more).
 *
 * @param transaction and `revoke`: from `revoking`
 */
export async function revokeGrantsBeyond(
  transaction: Store,
  revoke: Revoke,
  accountId: string,
  entitled: ReadonlySet<string>,
): Promise<void> {
  const rows = await transaction
    .selectFrom('grants')
    .select(['id', 'scopes'])
    .where('account_id', '=', accountId)
    .execute();
  const beyond = rows.filter((row) => JSON.parse(row.scopes).some((scope: string) => !entitled.has(scope)));
  await removeGrants(
    transaction,
    revoke,
    beyond.map((row) => row.id),
  );
}

async function removeGrants(transaction: Store, revoke: Revoke, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.deleteFrom('grants').where('id', 'in', ids).execute();
  await transaction.deleteFrom('artifacts').where('grant_id', 'in', ids).execute();
  // No grant comes back under its name, so a token that is still being made of it is refused too, whenever it is issued.
  await revoke(ids.map((id) => ({ kind: 'grant', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
}

/** What each account has granted, newest first. @returns the pages in the order of `accountIds` */
export function grantsByAccount(store: Store, accountIds: readonly string[], page: Page): Promise<PageOf<Grant>[]> {
  return pagesByParent(store, 'grants', 'account_id', accountIds, page, grant);
}

/** What each application was granted, newest first. @returns the pages in the order of `applicationIds` */
export function grantsByApplication(
  store: Store,
  applicationIds: readonly string[],
  page: Page,
): Promise<PageOf<Grant>[]> {
  return pagesByParent(store, 'grants', 'application_id', applicationIds, page, grant);
}

function grant(row: Selectable<Tables['grants']>): Grant {
  return {
    id: row.id,
    accountId: row.account_id,
    applicationId: row.application_id,
    scopes: JSON.parse(row.scopes),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
