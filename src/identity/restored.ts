import { addAuditEvents } from '../audit/write.ts';
import { markRestored } from '../store/backup/restored.ts';
import { sendNotice } from '../store/notices.ts';
import type { Store } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import { cookieKeyName } from './keys/cookie-key.ts';
import type { KeySettings } from './keys/rotation.ts';
import { purposeOfSecret, sealSecret } from './keys/sealed.ts';
import { newSecret } from './keys/secrets.ts';
import { addSigningKey, newSigningKey } from './keys/signing-keys.ts';

/** What ended at a restore. */
export interface EndedAtRestore {
  /** Grants that people had given to applications. */
  readonly grants: number;
  /** Codes, refresh tokens, sign-in sessions, begun sign-ins and pushed requests. */
  readonly artifacts: number;
  /** Refresh handles and begun sign-ins of connections. */
  readonly connections: number;
  /** Signing keys that are withdrawn. Tokens that they signed are refused. */
  readonly signingKeys: number;
}

/**
 * Ends everything in a restored database that was issued before the restore. The database does not know what was used,
 * revoked or ended after the backup. Therefore all of it ends:
 *
 * - Every grant, code, refresh token, sign-in session, begun sign-in and pushed request is deleted. The same applies to
 *   the refresh handles of connections.
 * - Every signing key is withdrawn, and a new key signs at once. Therefore access tokens from before the restore are
 *   refused by every verifier of this issuer, also by those that have no access to the database and those that have the
 *   token in a cache. A key that was made after the backup is not in the database, so its tokens are refused too.
 * - The key of cookies and forms, and the secret of DPoP nonces, are replaced.
 * - The stored keys of foreign issuers are deleted, because an issuer may have withdrawn one of them.
 *
 * The time of the restore is stored. DPoP proofs and client assertions from before this time are refused
 * (`store/backup/restored.ts`). Accounts, roles, passwords and applications keep the state of the backup.
 *
 * No server may be running on the database.
 *
 * @param settings the algorithm of the new signing key, and the sealer of stored secrets
 * @param now milliseconds since the epoch
 */
export async function endAfterRestore(
  store: Store,
  { algorithm, sealer }: Pick<KeySettings, 'algorithm' | 'sealer'>,
  now: number,
): Promise<EndedAtRestore> {
  const next = await newSigningKey(algorithm, now);
  return inTransaction(store, async (transaction) => {
    await markRestored(transaction, now);
    const ended = {
      grants: await deleteAll(transaction, 'grants'),
      artifacts: await deleteAll(transaction, 'artifacts'),
      connections:
        (await deleteAll(transaction, 'connection_grants')) +
        (await deleteAll(transaction, 'authorization_transactions')),
      signingKeys: await withdrawSigningKeys(transaction, now),
    };
    await deleteSecret(transaction, 'dpop_nonce');
    await deleteAll(transaction, 'key_copies');
    // Without a cookie key, there was no first start. The accounts are at a foreign issuer, and no key signs.
    const { numUpdatedRows } = await transaction
      .updateTable('server_secrets')
      .set({ value: sealSecret(sealer, newSecret(), purposeOfSecret(cookieKeyName)) })
      .where('name', '=', cookieKeyName)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await addSigningKey(transaction, next, sealer);
    const withoutCaller = { coordinate: null, rule: null, accountId: null, clientId: null };
    const detail = `command line: ${ended.grants} grants ended, ${ended.signingKeys} signing keys withdrawn`;
    const fact = { type: 'database_restored', outcome: 'allowed', ...withoutCaller, detail } as const;
    await addAuditEvents(transaction, [{ fact, count: 1, at: now }]);
    await sendNotice(transaction, 'signing_keys');
    return ended;
  });
}

async function withdrawSigningKeys(transaction: Store, now: number): Promise<number> {
  const { numUpdatedRows } = await transaction
    .updateTable('signing_keys')
    .set({ published_until: now, jwk: '' })
    .where((eb) => eb.or([eb('published_until', 'is', null), eb('published_until', '>', now)]))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function deleteSecret(transaction: Store, name: string): Promise<void> {
  await transaction.deleteFrom('server_secrets').where('name', '=', name).execute();
}

async function deleteAll(
  transaction: Store,
  table: 'grants' | 'artifacts' | 'connection_grants' | 'authorization_transactions' | 'key_copies',
): Promise<number> {
  const { numDeletedRows } = await transaction.deleteFrom(table).executeTakeFirst();
  return Number(numDeletedRows);
}
