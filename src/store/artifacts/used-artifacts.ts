import type { Store } from '../tables.ts';

/** How many rows are deleted at once, so that no writer waits long. */
const maxDeleted = 500;

/**
 * Deletes used artifacts of a grant and model, except those that were used last. Unused artifacts stay. One call
 * deletes at most 500 artifacts.
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
