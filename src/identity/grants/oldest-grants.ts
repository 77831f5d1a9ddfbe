import type { Store } from '../../store/tables.ts';
import type { Grant } from './grants.ts';
import { takeBackGrant } from './revoke.ts';

/** How many grants an account has at most. A further grant ends the oldest. */
const defaultMaxGrants = 10_000;

/**
 * How many grants one call ends at most. If an earlier version, which had no limit, stored more grants, later calls end
 * the rest.
 */
const maxEnded = 100;

/**
 * Ends the oldest grants of an account, with their tokens, until the account has at most `maxGrants`. Ends at most 100
 * grants in one call.
 *
 * @param transaction has locked the account (`isInCredentialEpoch`)
 * @param now milliseconds since the epoch
 * @param maxGrants how many grants stay. Default: 10,000
 * @returns the grants that ended
 */
export async function endOldestGrants(
  transaction: Store,
  accountId: string,
  now: number,
  maxGrants: number = defaultMaxGrants,
): Promise<readonly Grant[]> {
  const beyond = await transaction
    .selectFrom('grants')
    .select('id')
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(maxEnded)
    .offset(maxGrants)
    .execute();
  const ended: Grant[] = [];
  for (const { id } of beyond) {
    const grant = await takeBackGrant(transaction, id, accountId, now);
    if (grant) ended.push(grant);
  }
  return ended;
}
