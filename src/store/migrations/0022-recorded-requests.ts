import type { Kysely } from 'kysely';

/** Adds the tables of recorded requests, for `claimgate replay`. */
export async function createRecordedRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('recorded_shapes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('operation_name', 'text')
    .addColumn('document', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('recorded_callers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('key_name', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('recorded_requests')
    .addColumn('day', 'bigint', (c) => c.notNull())
    .addColumn('shape_id', 'text', (c) => c.notNull())
    .addColumn('caller_id', 'text', (c) => c.notNull())
    .addColumn('client_id', 'text', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('recorded_requests_key', ['day', 'shape_id', 'caller_id', 'client_id'])
    .execute();
  await db.schema.createIndex('recorded_requests_by_shape_id').on('recorded_requests').column('shape_id').execute();
  await db.schema.createIndex('recorded_requests_by_caller_id').on('recorded_requests').column('caller_id').execute();
  await db.schema
    .createTable('unrecorded_requests')
    .addColumn('day', 'bigint', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('unrecorded_requests_key', ['day', 'reason'])
    .execute();
}
