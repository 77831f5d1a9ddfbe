import type { Kysely } from 'kysely';

export async function createReplays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('replays')
    .addColumn('id_hash', 'text', (c) => c.primaryKey())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('replays_by_expiry').on('replays').column('expires_at').execute();
}
