import { ClaimgateError } from '../../errors.ts';
import { sendNotice } from '../../store/notices.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import { addAuditEvents } from '../../audit/write.ts';
import { changeKeysVersion } from './rotation.ts';
import { openSecret, purposeOfSecret, sealSecret } from './sealed.ts';
import { newSecret } from './secrets.ts';
import { deleteInBatches } from '../../store/sweep.ts';

/**
 * The name of the row with the key that signs cookies and form tokens. The row also records that the first start is
 * done.
 */
export const cookieKeyName = 'cookie_key';

/** Returns the key that signs cookies and form tokens. @throws Error before the first start, and if the key cannot be opened */
export async function findCookieKey(store: Store, sealer: Sealer | null): Promise<string> {
  const row = await store
    .selectFrom('server_secrets')
    .select('value')
    .where('name', '=', cookieKeyName)
    .executeTakeFirstOrThrow();
  return openSecret(sealer, row.value, purposeOfSecret(cookieKeyName));
}

/**
 * Replaces the key that signs cookies and form tokens. Records the replacement in the audit trail, in the same
 * transaction. The old key is no longer accepted: every browser is signed out, and people must start unfinished
 * sign-ins again. Every process that can reach the database uses the new key within 2 s. Grants and tokens stay.
 *
 * @param cause the reason for the replacement, for the audit trail
 * @param now milliseconds since the epoch
 * @throws ClaimgateError `CONFLICT` before the first start, when there is no key
 */
export async function replaceCookieKey(store: Store, sealer: Sealer | null, cause: string, now: number): Promise<void> {
  const value = sealSecret(sealer, newSecret(), purposeOfSecret(cookieKeyName));
  const noCaller = { coordinate: null, rule: null, accountId: null, clientId: null };
  const fact = { type: 'cookie_key_replaced', outcome: 'allowed', ...noCaller, detail: cause } as const;
  await inTransaction(store, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('server_secrets')
      .set({ value })
      .where('name', '=', cookieKeyName)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new ClaimgateError('CONFLICT', 'there is no cookie key yet: start the server first, which makes one');
    }
    await changeKeysVersion(transaction);
    await addAuditEvents(transaction, [{ fact, count: 1, at: now }]);
    await sendNotice(transaction, 'signing_keys');
  });
  await forgetBrowsers(store);
}

/**
 * Deletes all sessions and unfinished sign-ins, because no valid cookie refers to them any more. A sign-in that begins
 * during the deletion can be deleted too. Then the person must start again.
 */
async function forgetBrowsers(store: Store): Promise<void> {
  for (const model of ['Session', 'Interaction']) {
    await deleteInBatches((limit) =>
      store
        .deleteFrom('artifacts')
        .where('model', '=', model)
        .where('id_hash', 'in', (eb) =>
          eb.selectFrom('artifacts').select('id_hash').where('model', '=', model).limit(limit),
        ),
    );
  }
}
