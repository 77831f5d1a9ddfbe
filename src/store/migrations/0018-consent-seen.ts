import type { Kysely } from 'kysely';

/** Adds to grants the facts that the consent page stated. The consent of an earlier grant is not remembered. */
export async function addConsentSeen(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('grants').addColumn('consent_seen', 'text').execute();
}
