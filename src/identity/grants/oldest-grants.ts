import type { Store } from '../../store/tables.ts';
import type { Grant } from './grants.ts';
import { takeBackGrant } from './revoke.ts';

/** How many grants an account gives at most at a time; with one more, the one that it gave first ends. */
const mostGrants = 10_000;

/** How many grants one more ends at most: there are more than one too many only where this limit is newer than they are. */
const mostEnded = 100;

/**
 * Ends the oldest grants of an account, with their tokens, until there are as many as it may have.
 *
 * @param transaction holds the account
 * @param now milliseconds since the epoch
 * @param most how many stay. Default: 10,000
 * @returns the grants that ended
 */
export async function endOldestGrants(
  transaction: Store,
  accountId: string,
  now: number,
  most: number = mostGrants,
): Promise<readonly Grant[]> {
  const beyond = await transaction
    .selectFrom('grants')
    .select('id')
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostEnded)
    .offset(most)
    .execute();
  const ended: Grant[] = [];
  for (const { id } of beyond) {
    const grant = await takeBackGrant(transaction, id, accountId, now);
    if (grant) ended.push(grant);
  }
  return ended;
}
