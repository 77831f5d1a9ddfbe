import type { Selectable } from 'kysely';
import { among } from '../../store/many.ts';
import { type Revoke, revoking } from '../../store/token/revocations.ts';
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
 * Ends a grant, and says what it was.
 *
 * @param accountId only a grant that this account gave; null: whoever gave it
 * @param now milliseconds since the epoch
 * @returns the grant that was; null if there is no such grant
 */
export async function takeBackGrant(
  store: Store,
  id: string,
  accountId: string | null,
  now: number,
): Promise<Grant | null> {
  return revoking(store, now, async (transaction, revoke) => {
    // Of any number that take it back at once, one is given it.
    const row = await transaction
      .deleteFrom('grants')
      .where('id', '=', id)
      .$if(accountId !== null, (query) => query.where('account_id', '=', accountId ?? ''))
      .returningAll()
      .executeTakeFirst();
    if (!row) return null;
    await removeGrants(transaction, revoke, [id]);
    return grant(row);
  });
}

/** Whose grants: those that an account gave, or those that an application was given. */
type GrantOwner = 'account_id' | 'application_id';

/**
 * Ends every grant of an account or an application.
 *
 * @param transaction and `revoke`: from `revoking`
 */
export async function revokeGrantsOf(
  transaction: Store,
  revoke: Revoke,
  owner: GrantOwner,
  ownerId: string,
): Promise<void> {
  const rows = await transaction.selectFrom('grants').select('id').where(owner, '=', ownerId).execute();
  await removeGrants(
    transaction,
    revoke,
    rows.map((row) => row.id),
  );
}

/**
 * Ends every grant of an account or an application that holds a scope it may not have (any more).
 *
 * @param transaction and `revoke`: from `revoking`
 */
export async function revokeGrantsBeyond(
  transaction: Store,
  revoke: Revoke,
  owner: GrantOwner,
  ownerId: string,
  allowed: ReadonlySet<string>,
): Promise<void> {
  const rows = await transaction.selectFrom('grants').select(['id', 'scopes']).where(owner, '=', ownerId).execute();
  const beyond = rows.filter((row) => JSON.parse(row.scopes).some((scope: string) => !allowed.has(scope)));
  await removeGrants(
    transaction,
    revoke,
    beyond.map((row) => row.id),
  );
}

/** How many grants one statement deletes at most, so that none takes long. */
const batchSize = 1_000;

async function removeGrants(transaction: Store, revoke: Revoke, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += batchSize) {
    const some = ids.slice(from, from + batchSize);
    await transaction
      .deleteFrom('grants')
      .where(among(transaction, 'id', some))
      .execute();
    await transaction
      .deleteFrom('artifacts')
      .where(among(transaction, 'grant_id', some))
      .execute();
    // No grant comes back under its name, so a token that is still being made of it is refused too, whenever it is issued.
    await revoke(some.map((id) => ({ kind: 'grant', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
  }
}

/** @returns the grants in the order of `ids`; null where there is none */
export async function findGrants(store: Store, ids: readonly string[]): Promise<(Grant | null)[]> {
  const rows = await store
    .selectFrom('grants')
    .selectAll()
    .where(among(store, 'id', ids))
    .execute();
  return inOrder(ids, rows.map(grant));
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
  return rows.map(grant);
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
  return pageOfAll(store, 'grants', where, page, grant);
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
    consentSeen: row.consent_seen,
  };
}
