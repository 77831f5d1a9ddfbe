import type { Store } from '../tables.ts';

/** How many rows one call deletes at most. On SQLite, all other writers wait while it runs. */
const maxDeleted = 500;

/**
 * Deletes used artifacts of one grant and one model, at most 500 in one call. The artifacts that were used last stay.
 * Unused artifacts stay too.
 *
 * @param maxUsed how many used artifacts stay
 */
export async function forgetUsed(store: Store, model: string, grantId: string, maxUsed: number): Promise<void> {
  const beyond = store
    .selectFrom('artifacts')
    .select('id_hash')
    .where('model', '=', model)
    .where('grant_id', '=', grantId)
    .where('consumed_at', 'is not', null)
    .orderBy('consumed_at', 'desc')
    .orderBy('id_hash')
    .limit(maxDeleted)
    .offset(maxUsed);
  await store.deleteFrom('artifacts').where('model', '=', model).where('id_hash', 'in', beyond).execute();
}
