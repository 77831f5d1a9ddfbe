import { type Kysely, sql } from 'kysely';

/**
 * Adds counters. A PostgreSQL sequence does not number rows in the order of commits. A reader that follows a table by
 * sequence numbers would miss rows.
 */
export async function createCounters(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('counters')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .execute();
  for (const table of ['revocations', 'audit_events']) {
    await sql`insert into counters (name, value) select ${sql.lit(table)}, coalesce(max(sequence), 0) from ${sql.table(table)}`.execute(
      db,
    );
  }
  await sql`insert into counters (name, value) values ('signing_keys', 0)`.execute(db);
}
