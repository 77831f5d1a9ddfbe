import { lockForNoKeyUpdate } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';

/**
 * Finds out whether an account is enabled and still in the credential epoch in which it authenticated. If so, locks the
 * account until the transaction ends. Other transactions that change the account wait. Afterwards they see what this
 * transaction wrote, and can revoke it.
 *
 * @param transaction the transaction that writes what the authentication allows
 * @param credentialEpoch the epoch in which the account authenticated; null or undefined: unknown. Then the result is
 *   false
 */
export async function isInCredentialEpoch(
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
 * Begins a new credential epoch of an account. Authentications of earlier epochs are no longer accepted: their
 * unfinished sign-ins cannot be finished, and their sessions are not found. Other transactions that change or check the
 * epoch wait.
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
