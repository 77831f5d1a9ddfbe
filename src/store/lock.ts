import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/**
 * Makes a query lock the rows that it reads until the transaction ends (`FOR UPDATE`). Other transactions wait if they
 * lock or change one of these rows, or add a row that refers to it. The query itself waits for earlier locks, and then
 * reads the present values.
 *
 * On SQLite this changes nothing, because a transaction excludes every other writer.
 */
export function lockForUpdate<Query extends { forUpdate(): Query }>(transaction: Store, query: Query): Query {
  expectTransaction(transaction);
  return speaksPostgres(transaction) ? query.forUpdate() : query;
}

/**
 * Makes a query lock the rows that it reads until the transaction ends (`FOR NO KEY UPDATE`). An update that does not
 * change the key takes the same lock. Other transactions wait if they lock or change one of these rows. They may add
 * rows that refer to these rows.
 */
export function lockForNoKeyUpdate<Query extends { forNoKeyUpdate(): Query }>(transaction: Store, query: Query): Query {
  expectTransaction(transaction);
  return speaksPostgres(transaction) ? query.forNoKeyUpdate() : query;
}

/**
 * Makes a query protect the rows that it reads from deletion until the transaction ends (`FOR KEY SHARE`). If another
 * transaction is deleting a row, the query waits and then does not find it. Any number of transactions may protect the
 * same row.
 */
export function lockForKeyShare<Query extends { forKeyShare(): Query }>(store: Store, query: Query): Query {
  return speaksPostgres(store) ? query.forKeyShare() : query;
}

/** Outside of a transaction, a lock would end with its statement and protect nothing. */
function expectTransaction(store: Store): void {
  if (!store.isTransaction) throw new Error('a row is locked within a transaction only: call this in inTransaction');
}
