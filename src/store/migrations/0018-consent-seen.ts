import type { Kysely } from 'kysely';

/** Adds to grants the facts on the consent page. The consents of existing grants are not remembered. */
export async function addConsentSeen(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('grants').addColumn('consent_seen', 'text').execute();
}
