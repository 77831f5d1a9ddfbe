import type { Kysely } from 'kysely';
import { speaksPostgres } from '../postgres/dialect.ts';

export async function createAuditEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_events')
    // counters.ts makes the numbers. Rows that SQLite numbered earlier keep their numbers.
    .addColumn('sequence', speaksPostgres(db) ? 'bigint' : 'integer', (c) =>
      speaksPostgres(db) ? c.primaryKey() : c.primaryKey().autoIncrement(),
    )
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('coordinate', 'text')
    .addColumn('rule', 'text')
    // This is not a foreign key, because events stay after their account is deleted.
    .addColumn('account_id', 'text')
    .addColumn('client_id', 'text')
    .addColumn('detail', 'text')
    .addColumn('count', 'integer', (c) => c.notNull())
    .execute();
  for (const column of ['type', 'coordinate', 'account_id']) {
    await db.schema.createIndex(`audit_events_by_${column}`).on('audit_events').columns([column, 'sequence']).execute();
  }
  await db.schema.createIndex('audit_events_by_time').on('audit_events').column('at').execute();
}
