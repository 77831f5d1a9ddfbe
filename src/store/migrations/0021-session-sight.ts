import type { Kysely } from 'kysely';

/** Adds to sessions the browser in words, and when the browser was last seen. For existing sessions, both are unknown. */
export async function addSessionSight(db: Kysely<unknown>): Promise<void> {
  const alter = () => db.schema.alterTable('artifacts');
  await alter().addColumn('browser', 'text').execute();
  await alter().addColumn('last_seen_at', 'bigint').execute();
}
