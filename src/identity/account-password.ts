import { revoking } from '../store/revocations.ts';
import type { Store } from '../store/tables.ts';
import { endSessionsOf } from './account-sessions.ts';
import { type Account, findAccount } from './accounts.ts';
import { revokeGrantsOf } from './grants.ts';

/**
 * Gives an account a new password, as an administrator does. Whoever knew the old one may have signed in and allowed anything:
 * its sign-in sessions and its grants end, and the access tokens with them, at once in this process and in every other within
 * two seconds.
 *
 * @param passwordHash from `hashPassword`
 * @param now milliseconds since the epoch
 * @returns the account; null if there is none
 */
export async function resetPassword(
  store: Store,
  id: string,
  passwordHash: string,
  now: number,
): Promise<Account | null> {
  return revoking(store, now, async (transaction, revoke) => {
    await transaction.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', id).execute();
    const account = await findAccount(transaction, id);
    if (!account) return null;
    await revokeGrantsOf(transaction, revoke, 'account_id', id);
    await endSessionsOf(transaction, revoke, id);
    return account;
  });
}

/**
 * Gives an account the password that its owner chose, who knew the present one. Every other sign-in session ends, with its access
 * tokens; what was granted to applications stays.
 *
 * @param passwordHash from `hashPassword`
 * @param keep the name of the session that stays
 * @param now milliseconds since the epoch
 */
export async function changePassword(
  store: Store,
  id: string,
  passwordHash: string,
  keep: string,
  now: number,
): Promise<void> {
  await revoking(store, now, async (transaction, revoke) => {
    await transaction.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', id).execute();
    await endSessionsOf(transaction, revoke, id, keep);
  });
}
