import type { Kysely } from 'kysely';

/** What the person saw who allowed a grant. A grant from before this column is remembered for nothing. */
export async function addConsentSeen(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('grants').addColumn('consent_seen', 'text').execute();
}
