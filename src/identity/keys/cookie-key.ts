import { ClaimgateError } from '../../errors.ts';
import { notify } from '../../store/notices.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import { addAuditEvents } from '../../audit/write.ts';
import { changeKeysVersion } from './rotation.ts';
import { openSecret, purposeOfSecret, sealSecret } from './sealed.ts';
import { newSecret } from './secrets.ts';
import { deleteInBatches } from '../../store/sweep.ts';

/** The name of the row that holds the key for cookies and forms, and says that the first start is done. */
export const cookieKeyName = 'cookie_key';

/** The key that signs cookies and form tokens. @throws before the first start, and where it cannot be opened */
export async function findCookieKey(store: Store, sealer: Sealer | null): Promise<string> {
  const row = await store
    .selectFrom('server_secrets')
    .select('value')
    .where('name', '=', cookieKeyName)
    .executeTakeFirstOrThrow();
  return openSecret(sealer, row.value, purposeOfSecret(cookieKeyName));
}

/**
 * Replaces the key that signs cookies and form tokens. The old one counts for nothing from then on: every browser is signed out,
 * and sign-ins that are under way begin anew. Every process that serves hears of it within two seconds. Grants and tokens stay.
 *
 * The audit trail says so in the same transaction.
 *
 * @param cause by what it is replaced, for the audit trail
 * @param now milliseconds since the epoch
 * @throws ClaimgateError `CONFLICT` where there is none, before the first start
 */
export async function replaceCookieKey(store: Store, sealer: Sealer | null, cause: string, now: number): Promise<void> {
  const value = sealSecret(sealer, newSecret(), purposeOfSecret(cookieKeyName));
  const nobody = { coordinate: null, rule: null, accountId: null, clientId: null };
  const fact = { type: 'cookie_key_replaced', outcome: 'allowed', ...nobody, detail: cause } as const;
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
    await notify(transaction, 'signing_keys');
  });
  await forgetBrowsers(store);
}

/** Deletes what no cookie leads to any more. What a browser begins meanwhile goes too, and is begun anew. */
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
