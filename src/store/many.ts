import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/**
 * Returns the condition that a text column equals one of several values. All values together are one parameter of the
 * statement. Therefore any number of values is accepted (SQLite allows 32,766 parameters, PostgreSQL 65,535), and the
 * text of the statement stays the same.
 */
export function among(store: Store, column: string, values: readonly string[]): RawBuilder<SqlBool> {
  return condition(store, column, values.map(withoutNul), 'text');
}

/** Returns the condition that an integer column equals one of several values. */
export function amongNumbers(store: Store, column: string, values: readonly number[]): RawBuilder<SqlBool> {
  return condition(store, column, values, 'bigint');
}

/**
 * Returns a column for a condition that must not choose the index. SQLite assumes that `among` finds many rows. It would
 * rather use an index of a column that has the same value in most rows, and read all of them.
 */
export function withoutIndex(store: Store, column: string): RawBuilder<string> {
  // The operator changes nothing, and SQLite uses no index for the condition: https://www.sqlite.org/optoverview.html
  return speaksPostgres(store) ? sql<string>`${sql.ref(column)}` : sql<string>`+${sql.ref(column)}`;
}

function condition(
  store: Store,
  column: string,
  values: readonly (string | number)[],
  type: 'text' | 'bigint',
): RawBuilder<SqlBool> {
  // The driver sends a list as a PostgreSQL array.
  if (speaksPostgres(store)) return sql`${sql.ref(column)} in (select unnest(${[...values]}::${sql.raw(type)}[]))`;
  return sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;
}

/**
 * Replaces NUL by U+FFFD. A caller may send NUL, and PostgreSQL does not allow it in text. Stored text never has NUL.
 */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** How many rows one statement inserts at most. */
const maxInsertedRows = 512;

/**
 * Splits rows into parts for inserts of several rows. The sizes are powers of two. Each size needs a prepared
 * statement, so few statements are enough.
 */
export function* insertable<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; ) {
    const size = Math.min(maxInsertedRows, 2 ** Math.floor(Math.log2(rows.length - from)));
    yield rows.slice(from, from + size);
    from += size;
  }
}
