import type { Store } from './tables.ts';

/** How often a transaction is tried that the database broke off only because another one was in its way. */
const attempts = 4;

/**
 * Does something in one transaction. Where the database breaks it off because of another one (a deadlock, or a conflict that it
 * cannot put in order), it is done again from the beginning: what it does outside the transaction must bear that.
 *
 * Given a transaction, it joins that: what it does is committed with the rest, or not at all.
 *
 * On PostgreSQL the isolation is READ COMMITTED: what was read may have changed by the time it is written.
 *
 * @throws what the work threw; then nothing of it remains
 */
export async function inTransaction<T>(store: Store, work: (transaction: Store) => Promise<T>): Promise<T> {
  if (store.isTransaction) return work(store);
  for (let attempt = 1; ; attempt += 1) {
    const committed: AfterCommit[] = [];
    try {
      const answer = await store.transaction().execute((transaction) => {
        afterwards.set(transaction, committed);
        return work(transaction);
      });
      for (const run of committed) run(store);
      return answer;
    } catch (error) {
      if (attempt === attempts || !isConflict(error)) throw error;
    }
  }
}

/** Runs once the transaction is committed. It is given the store that the transaction was of, and may not throw. */
type AfterCommit = (store: Store) => void;

const afterwards = new WeakMap<Store, AfterCommit[]>();

/** Runs something once the transaction is committed, that it is a part of; where it is broken off, never. */
export function afterCommit(transaction: Store, run: AfterCommit): void {
  const committed = afterwards.get(transaction);
  if (!committed) throw new Error('afterCommit needs a transaction of inTransaction');
  committed.push(run);
}

/** `serialization_failure` and `deadlock_detected`, as the driver threw them or behind what is told of them. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === '40001' || error.code === '40P01')) return true;
  return isConflict(error.cause);
}
