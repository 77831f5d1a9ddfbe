import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { underWayMs } from '../grants/access-tokens.ts';
import { endSessionsOf } from '../sessions/end-sessions.ts';
import { type Account, findAccount } from './accounts.ts';
import { keepAnAdministrator } from './last-administrator.ts';

/**
 * Disables an account. It cannot sign in, its sessions end, and its grants get no tokens. This process rejects its
 * access tokens at once, and every other process that can reach the database within 2 s. Its grants stay. If the
 * account is enabled again, they get tokens again, but the earlier access tokens stay rejected.
 *
 * @param now milliseconds since the epoch
 * @returns the disabled account; null if there is no such account
 * @throws ClaimgateError `CONFLICT` for the last administrator who can sign in
 */
export async function disableAccount(store: Store, id: string, now: number): Promise<Account | null> {
  return revoking(store, now, async (transaction, revoke) => {
    await keepAnAdministrator(transaction, id);
    // If the account is already disabled, `disabled_at` stays the same.
    await transaction
      .updateTable('accounts')
      .set({ disabled_at: now })
      .where('id', '=', id)
      .where('disabled_at', 'is', null)
      .execute();
    const account = await findAccount(transaction, id);
    if (!account) return null;
    await endSessionsOf(transaction, revoke, id);
    await revoke([{ kind: 'account', id, issuedUntil: now + underWayMs }]);
    return account;
  });
}

/**
 * Enables an account. It can sign in and its grants get tokens again. Its sessions stay ended.
 *
 * @returns the enabled account; null if there is no such account
 */
export async function enableAccount(store: Store, id: string): Promise<Account | null> {
  await store.updateTable('accounts').set({ disabled_at: null }).where('id', '=', id).execute();
  return findAccount(store, id);
}
