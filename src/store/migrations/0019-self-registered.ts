import type { Kysely } from 'kysely';

/**
 * Adds columns to applications: how they registered themselves, and the time of the last consent. For existing
 * applications, both are unknown.
 */
export async function addSelfRegistered(db: Kysely<unknown>): Promise<void> {
  const alter = () => db.schema.alterTable('applications');
  await alter().addColumn('self_registered', 'text').execute();
  await alter().addColumn('granted_at', 'bigint').execute();
  await db.schema
    .createIndex('applications_by_self_registration')
    .on('applications')
    .column('self_registered')
    .execute();
}
