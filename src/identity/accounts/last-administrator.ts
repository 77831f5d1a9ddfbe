import { ClaimgateError } from '../../errors.ts';
import { lockForUpdate } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';
import { administrator } from '../grants/scopes.ts';

/**
 * Makes sure that an enabled administrator remains when this account is disabled or loses the role. Calls for different
 * accounts wait for each other. Therefore the second call sees the change of the first call.
 *
 * @param transaction the transaction that changes the account afterwards
 * @throws ClaimgateError `CONFLICT` if the account is the last enabled administrator
 */
export async function keepAnAdministrator(transaction: Store, accountId: string): Promise<void> {
  const active = transaction
    .selectFrom('accounts')
    .select(['id', 'roles'])
    .where('disabled_at', 'is', null)
    .where('roles', 'like', `%${JSON.stringify(administrator)}%`)
    // Every call locks the rows in this order. Otherwise two calls could wait for each other.
    .orderBy('id');
  const rows = await lockForUpdate(transaction, active).execute();
  // `like` is not exact: on SQLite it ignores case.
  const administrators = rows.filter(({ roles }) => JSON.parse(roles).includes(administrator));
  const isOne = administrators.some(({ id }) => id === accountId);
  if (!isOne || administrators.length > 1) return;
  throw new ClaimgateError(
    'CONFLICT',
    'This is the last administrator who can sign in: make another account an administrator first.',
  );
}
