import type { Store } from '../tables.ts';

/** The name of the row in `counters` that has the time of the last restore. */
const restored = 'restored_at' as const;

/**
 * Stores the time of a restore. The numbers of rows continue after this time, so every reader of numbered rows reads the
 * new rows. Without this, a number that was used before the restore would be used again for another row, and a
 * process that follows the rows could miss it.
 *
 * @param now milliseconds since the epoch. Larger than every number of a row
 */
export async function markRestored(transaction: Store, now: number): Promise<void> {
  await transaction
    .updateTable('counters')
    .set((eb) => ({
      value: eb
        .case()
        .when('value', '<', now)
        .then(now)
        .else(eb('value', '+', 1))
        .end(),
    }))
    .where('name', '!=', restored)
    .execute();
  await transaction
    .insertInto('counters')
    .values({ name: restored, value: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: now }))
    .execute();
}

/** Returns when the database was last restored, in milliseconds since the epoch; null: never. */
export async function restoredAt(store: Store): Promise<number | null> {
  const row = await store.selectFrom('counters').select('value').where('name', '=', restored).executeTakeFirst();
  return row?.value ?? null;
}
