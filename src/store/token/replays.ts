import type { Replays } from '../../token/ports.ts';
import type { Store } from '../tables.ts';

/** Identifiers that were used, known to every process on this database: of any number that add one, one is told that it is new. */
export function storedReplays(store: Store): Replays {
  return {
    async add(id, expiresAt) {
      const { numInsertedOrUpdatedRows } = await store
        .insertInto('replays')
        .values({ id_hash: id, expires_at: expiresAt })
        .onConflict((conflict) => conflict.column('id_hash').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },
  };
}

/** How many rows one statement deletes at most, so that no writer waits long. */
const sweepSize = 500;

/**
 * Deletes the identifiers that have expired, all of them: one comes with every request that has a proof.
 *
 * @param now milliseconds since the epoch
 * @returns how many rows went
 */
export async function sweepReplays(store: Store, now: number): Promise<number> {
  let gone = 0;
  for (;;) {
    const expired = store.selectFrom('replays').select('id_hash').where('expires_at', '<', now).limit(sweepSize);
    const { numDeletedRows } = await store.deleteFrom('replays').where('id_hash', 'in', expired).executeTakeFirst();
    gone += Number(numDeletedRows);
    if (numDeletedRows < sweepSize) return gone;
  }
}
