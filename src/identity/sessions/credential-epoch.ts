import { lockForNoKeyUpdate } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';

/**
 * Finds out whether an account is enabled and still in the credential epoch in which it authenticated. If it is, the
 * account is locked until the transaction ends: other transactions that change the account wait. Such a change
 * therefore sees everything that this transaction wrote, and can end it.
 *
 * @param transaction the transaction that writes what the authentication allows
 * @param credentialEpoch the epoch when the account authenticated; null or undefined if unknown, which returns false
 */
export async function stands(
  transaction: Store,
  accountId: string,
  credentialEpoch: number | null | undefined,
): Promise<boolean> {
  if (credentialEpoch === null || credentialEpoch === undefined) return false;
  const query = transaction
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .where('credential_epoch', '=', credentialEpoch)
    .where('disabled_at', 'is', null);
  return (await lockForNoKeyUpdate(transaction, query).executeTakeFirst()) !== undefined;
}

/**
 * Begins a new credential epoch of an account. Authentications of earlier epochs are no longer accepted: no unfinished sign-in can be
 * finished, and no session of an earlier epoch is found. Other transactions that change or check the epoch wait.
 *
 * @returns the new epoch; null if there is no such account
 */
export async function beginCredentialEpoch(transaction: Store, accountId: string): Promise<number | null> {
  const row = await transaction
    .updateTable('accounts')
    .set((eb) => ({ credential_epoch: eb('credential_epoch', '+', 1) }))
    .where('id', '=', accountId)
    .returning('credential_epoch')
    .executeTakeFirst();
  return row?.credential_epoch ?? null;
}
