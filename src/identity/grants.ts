import type { Selectable } from 'kysely';
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
 * Ends a grant: its codes and refresh tokens are gone at once, and none that was on its way can be used, since every
 * use asks for the grant first. Access tokens that were issued run out by themselves.
 */
export async function revokeGrant(store: Store, id: string): Promise<void> {
  await store.transaction().execute((transaction) => removeGrants(transaction, [id]));
}

/**
 * Ends a grant that this account gave.
 *
 * @returns the grant that was; null if the account has no such grant
 */
export async function revokeOwnGrant(store: Store, accountId: string, id: string): Promise<Grant | null> {
  return store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('grants')
      .selectAll()
      .where('id', '=', id)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    if (!row) return null;
    await removeGrants(transaction, [id]);
    return grant(row);
  });
}

/** Ends every grant of an account that holds a scope it may not have (any more). */
export async function revokeGrantsBeyond(
  store: Store,
  accountId: string,
  entitled: ReadonlySet<string>,
): Promise<void> {
  const rows = await store.selectFrom('grants').select(['id', 'scopes']).where('account_id', '=', accountId).execute();
  const beyond = rows.filter((row) => JSON.parse(row.scopes).some((scope: string) => !entitled.has(scope)));
  await removeGrants(
    store,
    beyond.map((row) => row.id),
  );
}

async function removeGrants(store: Store, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await store.deleteFrom('grants').where('id', 'in', ids).execute();
  await store.deleteFrom('artifacts').where('grant_id', 'in', ids).execute();
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
