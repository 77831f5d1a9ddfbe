import type { Store } from '../tables.ts';
import { inTransaction } from '../transaction.ts';
import { deleteUnused } from './displace.ts';
import { lockWriters } from './write.ts';

const dayMs = 24 * 60 * 60_000;

/** Returns the day of a time. @param time - milliseconds since the epoch */
export function dayOf(time: number): number {
  return Math.floor(time / dayMs);
}

/**
 * Deletes recorded requests of days that are too long ago. The present day counts as one day.
 *
 * @param now - milliseconds since the epoch
 * @returns how many rows were deleted
 */
export async function sweepRecordedRequests(store: Store, now: number, retentionDays: number): Promise<number> {
  const last = dayOf(now) - retentionDays;
  const { rows } = await store
    .selectFrom('recorded_requests')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('day', '<=', last)
    .executeTakeFirstOrThrow();
  await store.deleteFrom('unrecorded_requests').where('day', '<=', last).execute();
  if (rows === 0) return 0;
  return inTransaction(store, async (transaction) => {
    await lockWriters(transaction);
    const { numDeletedRows } = await transaction
      .deleteFrom('recorded_requests')
      .where('day', '<=', last)
      .executeTakeFirstOrThrow();
    await deleteUnused(transaction);
    return Number(numDeletedRows);
  });
}
