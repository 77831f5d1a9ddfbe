import { ClaimgateError } from '../../errors.ts';
import { locking } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';
import { administrator } from '../grants/scopes.ts';

/**
 * Makes sure that somebody who may sign in remains an administrator when this account is one no more. All who ask this at once
 * wait for each other: whoever comes second sees what the first has left.
 *
 * @param transaction the one in which the account is changed afterwards
 * @throws ClaimgateError `CONFLICT` where it is the last one
 */
export async function keepAnAdministrator(transaction: Store, accountId: string): Promise<void> {
  const active = transaction
    .selectFrom('accounts')
    .select(['id', 'roles'])
    .where('disabled_at', 'is', null)
    .where('roles', 'like', `%${JSON.stringify(administrator)}%`)
    // In an order, so that two that ask at once do not each hold what the other waits for.
    .orderBy('id');
  const rows = await locking(transaction, active).execute();
  // `like` is not exact: on SQLite it ignores case.
  const administrators = rows.filter(({ roles }) => JSON.parse(roles).includes(administrator));
  const isOne = administrators.some(({ id }) => id === accountId);
  if (!isOne || administrators.length > 1) return;
  throw new ClaimgateError(
    'CONFLICT',
    'This is the last administrator who can sign in: make somebody else an administrator first.',
  );
}
