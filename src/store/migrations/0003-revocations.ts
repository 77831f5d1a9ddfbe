import type { Kysely } from 'kysely';
import { speaksPostgres } from '../postgres/dialect.ts';

export async function createRevocationTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('revocations')
    // counters.ts makes the numbers. Rows that SQLite numbered earlier keep their numbers.
    .addColumn('sequence', speaksPostgres(db) ? 'bigint' : 'integer', (c) =>
      speaksPostgres(db) ? c.primaryKey() : c.primaryKey().autoIncrement(),
    )
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('issued_until', 'bigint', (c) => c.notNull())
    .addColumn('revoked_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('revocations_by_time').on('revocations').column('revoked_at').execute();
}
