import type { Store } from './tables.ts';

/** How often a transaction is tried that the database broke off only because another one was in its way. */
const attempts = 4;

/**
 * Does something in one transaction. Where the database breaks it off because of another one (a deadlock, or a conflict that it
 * cannot put in order), it is done again from the beginning: what it does outside the transaction must bear that.
 *
 * On PostgreSQL the isolation is READ COMMITTED: what was read may have changed by the time it is written.
 *
 * @throws what the work threw; then nothing of it remains
 */
export async function inTransaction<T>(store: Store, work: (transaction: Store) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.transaction().execute(work);
    } catch (error) {
      if (attempt === attempts || !isConflict(error)) throw error;
    }
  }
}

/** `serialization_failure` and `deadlock_detected`, as the driver threw them or behind what is told of them. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === '40001' || error.code === '40P01')) return true;
  return isConflict(error.cause);
}
