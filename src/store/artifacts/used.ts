import type { Store } from '../tables.ts';

/** How many rows are deleted at once, so that no writer waits long. */
const mostDeleted = 500;

/**
 * Deletes what was used first of a grant's artifacts of one model. What was not used stays.
 *
 * @param most how many of the used ones stay
 */
export async function forgetUsed(store: Store, model: string, grantId: string, most: number): Promise<void> {
  const beyond = store
    .selectFrom('artifacts')
    .select('id_hash')
    .where('model', '=', model)
    .where('grant_id', '=', grantId)
    .where('consumed_at', 'is not', null)
    .orderBy('consumed_at', 'desc')
    .orderBy('id_hash')
    .limit(mostDeleted)
    .offset(most);
  await store.deleteFrom('artifacts').where('model', '=', model).where('id_hash', 'in', beyond).execute();
}
