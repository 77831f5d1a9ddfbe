import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { endSessionsOf, type KeptSession } from '../sessions/end-sessions.ts';
import { type Account, findAccount, type ProvenAccount } from './accounts.ts';
import { isInCredentialEpoch } from '../sessions/credential-epoch.ts';
import { revokeGrantsOf } from '../grants/revoke.ts';

/**
 * Replaces the password of an account on behalf of an administrator.
 *
 * A person who knew the old password may have signed in and granted access. Therefore the sessions and grants of the
 * account end. This process rejects their access tokens at once. Every other process rejects them within 2 s, if it can
 * reach the database. Unfinished sign-ins with the old password fail.
 *
 * @param passwordHash from `hashPassword`
 * @param now milliseconds since the epoch
 * @returns the account; null if there is no such account
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
 * Replaces the password of an account on behalf of its owner. Every other session ends, with its access tokens.
 * Unfinished sign-ins with the old password fail. Grants stay.
 *
 * @param proven from `authenticate` with the present password
 * @param passwordHash from `hashPassword`
 * @param keep the session that stays, with its new identifier
 * @param now milliseconds since the epoch
 * @returns false if the account was disabled or began a new credential epoch since `authenticate`. Then nothing is
 *   changed.
 */
export async function changePassword(
  store: Store,
  { id, credentialEpoch }: Pick<ProvenAccount, 'id' | 'credentialEpoch'>,
  passwordHash: string,
  keep: Required<KeptSession>,
  now: number,
): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    if (!(await isInCredentialEpoch(transaction, id, credentialEpoch))) return false;
    await transaction.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', id).execute();
    await endSessionsOf(transaction, revoke, id, keep);
    return true;
  });
}
