import type { Kysely } from 'kysely';

/** How an application registered itself, and when a person allowed it last. Of those from before this column it is not known. */
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
