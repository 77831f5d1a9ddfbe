import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { endSessionsOf, type KeptSession } from '../sessions/end-sessions.ts';
import { type Account, findAccount, type ProvenAccount } from './accounts.ts';
import { stands } from '../sessions/credential-epoch.ts';
import { revokeGrantsOf } from '../grants/revoke.ts';

/**
 * Gives an account a new password, as an administrator does. Whoever knew the old one may have signed in and allowed anything:
 * its sign-in sessions and its grants end, and the access tokens with them, at once in this process and in every other within
 * two seconds. A sign-in that is under way with the old password comes to nothing.
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
    await endSessionsOf(transaction, revoke, id);
    await revokeGrantsOf(transaction, revoke, 'account_id', id);
    return account;
  });
}

/**
 * Gives an account the password that its owner chose, who proved the present one. Every other sign-in session ends, with its
 * access tokens, and no sign-in that is under way with the old password is finished; what was granted to applications stays.
 *
 * @param proven from `authenticate`. Where the account was disabled or got another password since, nothing is changed.
 * @param passwordHash from `hashPassword`
 * @param keep the session that stays, and its new identifier
 * @param now milliseconds since the epoch
 * @returns whether the password was changed
 */
export async function changePassword(
  store: Store,
  { id, credentialEpoch }: Pick<ProvenAccount, 'id' | 'credentialEpoch'>,
  passwordHash: string,
  keep: Required<KeptSession>,
  now: number,
): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    if (!(await stands(transaction, id, credentialEpoch))) return false;
    await transaction.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', id).execute();
    await endSessionsOf(transaction, revoke, id, keep);
    return true;
  });
}
