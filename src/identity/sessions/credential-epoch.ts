import { holding } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';

/**
 * Whether an account is enabled and still in the credential epoch in which it proved itself. Until the transaction ends the
 * account stays so: what changes it waits. So what is written after this is written before the change, which ends it, or never.
 *
 * @param transaction the one that writes what was proven
 * @param credentialEpoch as it was when the account proved itself; null or undefined: unknown, which is never enough
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
  return (await holding(transaction, query).executeTakeFirst()) !== undefined;
}

/**
 * Begins a new credential epoch of an account. What was proven before counts no more: no sign-in that is under way can be
 * finished, and no session of an earlier epoch is found. Another transaction that changes or asks for the epoch waits.
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
