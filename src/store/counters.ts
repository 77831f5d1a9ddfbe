import type { Numbered, Store } from './tables.ts';

/**
 * Takes numbers for rows of a table. Until the transaction ends no other gets one, so that of two numbers the smaller is always
 * committed first; what is taken and rolled back was never taken. Take them last.
 *
 * @returns the first of them
 */
export async function takeNumbers(transaction: Store, table: Numbered, count: number): Promise<number> {
  const { value } = await transaction
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', count) }))
    .where('name', '=', table)
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}
