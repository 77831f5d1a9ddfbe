import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/**
 * The condition that a column of text equals one of several values. The values are one parameter of the statement, whatever
 * their number: SQLite takes at most 32,766 parameters and PostgreSQL 65,535, and the text of the statement stays the same.
 */
export function among(store: Store, column: string, values: readonly string[]): RawBuilder<SqlBool> {
  return condition(store, column, values.map(withoutNul), 'text');
}

/** The same for a column of integers. */
export function amongNumbers(store: Store, column: string, values: readonly number[]): RawBuilder<SqlBool> {
  return condition(store, column, values, 'bigint');
}

function condition(
  store: Store,
  column: string,
  values: readonly (string | number)[],
  type: 'text' | 'bigint',
): RawBuilder<SqlBool> {
  // The driver writes a list as an array of PostgreSQL.
  if (speaksPostgres(store)) return sql`${sql.ref(column)} in (select unnest(${[...values]}::${sql.raw(type)}[]))`;
  return sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;
}

/** Text in PostgreSQL holds no NUL, which a caller may send. Stored text never has one, so the value is not found. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** How many rows one statement inserts at most. */
const largestInsert = 512;

/**
 * Splits rows for an insert of several rows. The sizes are powers of two: each size is a statement of its own, which stays
 * prepared, so there are few of them.
 */
export function* insertable<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; ) {
    const size = Math.min(largestInsert, 2 ** Math.floor(Math.log2(rows.length - from)));
    yield rows.slice(from, from + size);
    from += size;
  }
}
