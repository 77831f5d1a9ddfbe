import type { Store } from '../tables.ts';

/** How many rows are deleted at once, so that no writer waits long. */
const maxDeleted = 500;

/**
 * Deletes the used artifacts of a grant and model beyond a number, those that were used first. Unused ones stay. One
 * call deletes at most 500.
 *
 * @param maxUsed how many used ones stay
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
