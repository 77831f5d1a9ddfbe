import type { Kysely } from 'kysely';

export async function indexRevocations(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('revocations_by_name').on('revocations').columns(['kind', 'id']).execute();
}
