import { takeNumbers } from '../store/counters.ts';
import { insertable } from '../store/many.ts';
import { sendNotice } from '../store/notices.ts';
import type { Store } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import { boundedFact } from './bounds.ts';
import type { CountedFact } from './facts.ts';

/** Writes facts in their order, in one transaction. Cuts texts to the length of their columns. */
export async function writeAuditEvents(store: Store, facts: readonly CountedFact[]): Promise<void> {
  await inTransaction(store, (transaction) => addAuditEvents(transaction, facts));
}

/**
 * Writes facts in the transaction of the change that they record. Cuts texts to the length of their columns.
 *
 * @param transaction the transaction of the change. It must not take numbers of `store/counters.ts` after this call
 */
export async function addAuditEvents(transaction: Store, facts: readonly CountedFact[]): Promise<void> {
  if (facts.length === 0) return;
  const first = await takeNumbers(transaction, 'audit_events', facts.length);
  const rows = facts.map(({ fact, count, at }, index) => {
    const { accountId, clientId, ...columns } = boundedFact(fact);
    return { sequence: first + index, at, ...columns, account_id: accountId, client_id: clientId, count };
  });
  for (const some of insertable(rows)) await transaction.insertInto('audit_events').values(some).execute();
  await sendNotice(transaction, 'audit_events');
}

/**
 * Makes a change and writes its facts in one transaction. Either both are stored or nothing is.
 *
 * @param factsOf returns the facts about the result of the change
 * @throws what `change` threw, or the reason why the facts could not be written. Then nothing is changed.
 */
export function changeAudited<T>(
  store: Store,
  change: (transaction: Store) => Promise<T>,
  factsOf: (changed: T) => readonly CountedFact[],
): Promise<T> {
  return inTransaction(store, async (transaction) => {
    const changed = await change(transaction);
    await writeAuditEvents(transaction, factsOf(changed));
    return changed;
  });
}
