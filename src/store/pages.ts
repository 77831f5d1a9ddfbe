import { type Selectable, sql } from 'kysely';
import { among } from './many.ts';
import type { Store, Tables } from './tables.ts';

/** The requested part of a list. Lists begin with the newest item. */
export interface Page {
  /** How many items, at most. */
  readonly first: number;
  /** Only items after this one; null: from the beginning. */
  readonly after: Position | null;
}

/** The place of an item in its list. */
export interface Position {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly id: string;
}

/** A page of a list. */
export interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
}

/** The tables whose rows form lists. */
type PagedTable = 'accounts' | 'applications' | 'grants';

/**
 * Reads one page of the list of each parent. One SQL statement reads all pages.
 *
 * @param parentColumn the column that names the parent of a row
 * @param item makes an item from a row
 * @returns the pages, in the order of `parents`
 */
export async function pagesByParent<Table extends PagedTable, Item>(
  store: Store,
  table: Table,
  parentColumn: string & keyof Tables[Table],
  parents: readonly string[],
  page: Page,
  item: (row: Selectable<Tables[Table]>) => Item,
): Promise<PageOf<Item>[]> {
  const parent = sql.ref<string>(parentColumn);
  const after = page.after
    ? sql`and (created_at, id) < (${sql.val(page.after.createdAt)}, ${sql.val(page.after.id)})`
    : sql``;
  const { rows } = await sql<Selectable<Tables[Table]> & { parent: string }>`
    select * from (
      select t.*, ${parent} as parent, row_number() over (partition by ${parent} order by created_at desc, id desc) as place
      from ${sql.table(table)} as t where ${among(store, parentColumn, parents)} ${after}
    ) as placed where place <= ${page.first + 1} order by created_at desc, id desc`.execute(store);

  const byParent = Map.groupBy(rows, (row) => row.parent);
  return parents.map((key) => {
    const found = byParent.get(key) ?? [];
    return { items: found.slice(0, page.first).map(item), hasNextPage: found.length > page.first };
  });
}

/**
 * Reads one page of a table.
 *
 * @param where the required values of columns
 * @param item makes an item from a row
 */
export async function pageOfAll<Table extends PagedTable, Item>(
  store: Store,
  table: Table,
  where: Readonly<Partial<Record<string & keyof Tables[Table], string>>>,
  page: Page,
  item: (row: Selectable<Tables[Table]>) => Item,
): Promise<PageOf<Item>> {
  const conditions = Object.entries<string | undefined>(where).map(
    ([column, value]) => sql`${sql.ref(column)} = ${sql.val(value)}`,
  );
  if (page.after) {
    conditions.push(sql`(created_at, id) < (${sql.val(page.after.createdAt)}, ${sql.val(page.after.id)})`);
  }
  const filter = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
  const { rows } = await sql<Selectable<Tables[Table]>>`
    select * from ${sql.table(table)} ${filter} order by created_at desc, id desc limit ${page.first + 1}`.execute(
    store,
  );
  return { items: rows.slice(0, page.first).map(item), hasNextPage: rows.length > page.first };
}

/** Returns rows in the order of their IDs; null for an ID without a row. */
export function inOrder<Row extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
