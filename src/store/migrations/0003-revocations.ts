import type { Kysely } from 'kysely';

export async function createRevocations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('revocations')
    // It counts up in the order of commits, and AUTOINCREMENT never gives out the number of a row that is gone.
    .addColumn('sequence', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('issued_until', 'bigint', (c) => c.notNull())
    .addColumn('revoked_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('revocations_by_time').on('revocations').column('revoked_at').execute();
}
