import { among } from '../../store/many.ts';
import { type Revoke, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { type Grant, grantOf } from './grants.ts';

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
    return grantOf(row);
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
