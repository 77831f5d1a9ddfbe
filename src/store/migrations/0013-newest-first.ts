import type { Kysely } from 'kysely';

/** Adds the indexes for lists of whole tables, newest first. */
export async function indexNewestFirst(db: Kysely<unknown>): Promise<void> {
  for (const table of ['accounts', 'applications', 'grants']) {
    await db.schema.createIndex(`${table}_by_age`).on(table).columns(['created_at', 'id']).execute();
  }
}
