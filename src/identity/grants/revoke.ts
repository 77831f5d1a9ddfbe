import { among } from '../../store/many.ts';
import { type StoreRevocation, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { type Grant, grantOf } from './grants.ts';

/**
 * Ends a grant. Its codes, refresh tokens and access tokens are rejected, including tokens that are being issued. This
 * process rejects the access tokens at once, and every other process that can reach the database within 2 s.
 *
 * @param now milliseconds since the epoch
 */
export async function revokeGrant(store: Store, id: string, now: number): Promise<void> {
  await revoking(store, now, (transaction, revoke) => removeGrants(transaction, revoke, [id]));
}

/**
 * Ends a grant, as `revokeGrant` does, and returns it.
 *
 * @param accountId ends the grant only if this account gave it; null: any account
 * @param now milliseconds since the epoch
 * @returns the grant as it was; null if there is no such grant
 */
export async function takeBackGrant(
  store: Store,
  id: string,
  accountId: string | null,
  now: number,
): Promise<Grant | null> {
  return revoking(store, now, async (transaction, revoke) => {
    // If several calls end the grant at the same time, one of them gets the row.
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

/** The column that selects grants: `account_id` of the person, or `application_id` of the application. */
type GrantOwner = 'account_id' | 'application_id';

/**
 * Ends every grant of an account or an application.
 *
 * @param transaction from `revoking`
 * @param revoke from `revoking`
 */
export async function revokeGrantsOf(
  transaction: Store,
  revoke: StoreRevocation,
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
 * Ends every grant of an account or an application that has a scope outside `allowed`.
 *
 * @param transaction from `revoking`
 * @param revoke from `revoking`
 */
export async function revokeGrantsBeyond(
  transaction: Store,
  revoke: StoreRevocation,
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

/** How many grants one statement deletes at most. A larger statement would take long. */
const batchSize = 1_000;

async function removeGrants(transaction: Store, revoke: StoreRevocation, ids: readonly string[]): Promise<void> {
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
    // No later grant has this ID. Therefore the revocation has no end, and also covers tokens that are still being
    // issued.
    await revoke(some.map((id) => ({ kind: 'grant', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
  }
}
