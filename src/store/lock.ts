import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/**
 * Lets a query lock the rows that it reads until the transaction ends: who would lock or change one of them waits, and so does
 * who would add a row that refers to one. What it reads is as the last one who held them left it.
 *
 * On SQLite a transaction keeps every other writer out anyway.
 */
export function locking<Query extends { forUpdate(): Query }>(transaction: Store, query: Query): Query {
  expectTransaction(transaction);
  return speaksPostgres(transaction) ? query.forUpdate() : query;
}

/**
 * Lets a query lock the rows that it reads until the transaction ends, as an update of other columns than the key does: a query
 * that locks or changes one of them waits. Rows that refer to them can be added meanwhile.
 */
export function holding<Query extends { forNoKeyUpdate(): Query }>(transaction: Store, query: Query): Query {
  expectTransaction(transaction);
  return speaksPostgres(transaction) ? query.forNoKeyUpdate() : query;
}

/**
 * Lets a query keep the rows that it reads from being deleted until the transaction ends, and wait for whoever is deleting one:
 * then it finds it gone. Any number may keep the same row.
 */
export function keeping<Query extends { forKeyShare(): Query }>(store: Store, query: Query): Query {
  return speaksPostgres(store) ? query.forKeyShare() : query;
}

/** Outside a transaction a lock ends with its statement, and what relies on it is written too late. */
function expectTransaction(store: Store): void {
  if (!store.isTransaction) throw new Error('a row is locked within a transaction only: call this in inTransaction');
}
