import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { type Account, findAccount } from './accounts.ts';
import { endSessionsOf } from '../sessions/end-sessions.ts';
import { keepAnAdministrator } from './last-administrator.ts';

/** How long a token may still be on its way that was asked for before its account was disabled, or its application lost a scope, in milliseconds. */
export const onItsWay = 5_000;

/**
 * Disables an account: nobody signs in to it, its sign-in sessions end, its grants yield nothing, and every access token that
 * stands for it is refused, at once in this process and in every other within two seconds. What it granted stays, for the day
 * it is enabled again; no token issued before that counts even then.
 *
 * @param now milliseconds since the epoch
 * @returns the account as it is now; null if there is none
 * @throws ClaimgateError `CONFLICT` for the last administrator who can sign in
 */
export async function disableAccount(store: Store, id: string, now: number): Promise<Account | null> {
  return revoking(store, now, async (transaction, revoke) => {
    await keepAnAdministrator(transaction, id);
    // Done again, it stays disabled since when it was.
    await transaction
      .updateTable('accounts')
      .set({ disabled_at: now })
      .where('id', '=', id)
      .where('disabled_at', 'is', null)
      .execute();
    const account = await findAccount(transaction, id);
    if (!account) return null;
    await endSessionsOf(transaction, revoke, id);
    await revoke([{ kind: 'account', id, issuedUntil: now + onItsWay }]);
    return account;
  });
}

/**
 * Lets an account sign in again. Its grants yield tokens again; its sign-in sessions stay ended.
 *
 * @returns the account as it is now; null if there is none
 */
export async function enableAccount(store: Store, id: string): Promise<Account | null> {
  await store.updateTable('accounts').set({ disabled_at: null }).where('id', '=', id).execute();
  return findAccount(store, id);
}
