import type { Store } from './tables.ts';

/** How often a transaction is tried if the database aborts it because of another transaction. */
const maxAttempts = 4;

/**
 * Does work in one transaction. If the database aborts it because of another transaction (a deadlock or a serialization
 * failure), the work is done again from the beginning. Therefore its effects outside of the database must be
 * repeatable.
 *
 * If `store` is already a transaction, the work is a part of it.
 *
 * On PostgreSQL the isolation level is READ COMMITTED. A value that was read may have changed before the next
 * statement.
 *
 * @throws the error of the work. Then nothing is changed.
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
      if (attempt === maxAttempts || !isConflict(error)) throw error;
    }
  }
}

/** A function that runs after the commit. It gets the database, not the transaction. Must not throw. */
type AfterCommit = (store: Store) => void;

const afterwards = new WeakMap<Store, AfterCommit[]>();

/** Runs a function after the outermost transaction is committed. If it is rolled back, the function never runs. */
export function afterCommit(transaction: Store, run: AfterCommit): void {
  const committed = afterwards.get(transaction);
  if (!committed) throw new Error('afterCommit needs a transaction of inTransaction');
  committed.push(run);
}

/** Whether an error, or one of its causes, is `serialization_failure` or `deadlock_detected`. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === '40001' || error.code === '40P01')) return true;
  return isConflict(error.cause);
}
