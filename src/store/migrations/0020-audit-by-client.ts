import type { Kysely } from 'kysely';

/** Adds the index for the filter of audit events by client. */
export async function indexAuditByClient(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('audit_events_by_client_id')
    .on('audit_events')
    .columns(['client_id', 'sequence'])
    .execute();
}
