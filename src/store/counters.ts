import type { Store } from './tables.ts';
import type { Numbered } from './tables/upkeep.ts';

/**
 * Takes consecutive numbers for rows of a table. No other transaction gets a number until this transaction ends.
 * Therefore the smaller of two numbers is always committed first. A rollback returns its numbers. Other writers wait,
 * so take numbers as late in a transaction as possible.
 *
 * @returns the first of the numbers
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
