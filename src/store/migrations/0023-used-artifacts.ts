import type { Kysely } from 'kysely';

/** Adds the index of the used artifacts of a grant. Without it, a cleanup reads the unused tokens of the grant too. */
export async function indexUsedArtifacts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('artifacts_used')
    .on('artifacts')
    .columns(['model', 'grant_id', 'consumed_at desc', 'id_hash'])
    .where('consumed_at', 'is not', null)
    .execute();
}
