import type { Kysely } from 'kysely';

export async function createKeyCopies(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('key_copies')
    .addColumn('issuer', 'text', (c) => c.primaryKey())
    .addColumn('key_set', 'text', (c) => c.notNull())
    .addColumn('fetched_at', 'bigint', (c) => c.notNull())
    .execute();
}
