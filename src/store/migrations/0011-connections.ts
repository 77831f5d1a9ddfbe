import type { Kysely } from 'kysely';

export async function createConnectionTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('authorization_transactions')
    .addColumn('id_hash', 'text', (c) => c.primaryKey())
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('redirect_uri', 'text', (c) => c.notNull())
    .addColumn('taken_at', 'bigint')
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('authorization_transactions_by_expiry')
    .on('authorization_transactions')
    .column('expires_at')
    .execute();

  await db.schema
    .createTable('connection_grants')
    .addColumn('id_hash', 'text', (c) => c.primaryKey())
    .addColumn('family', 'text', (c) => c.notNull())
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text')
    .addColumn('claimed_until', 'bigint')
    .addColumn('spent_at', 'bigint')
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('connection_grants_by_family').on('connection_grants').column('family').execute();
  await db.schema.createIndex('connection_grants_by_expiry').on('connection_grants').column('expires_at').execute();
}
