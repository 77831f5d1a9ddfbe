import type { Replays } from '../../token/ports.ts';
import type { Store } from '../tables.ts';
import { deleteInBatches } from '../sweep.ts';

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

/**
 * Deletes the identifiers that have expired, all of them: one comes with every request that has a proof.
 *
 * @param now milliseconds since the epoch
 * @returns how many rows went
 */
export function sweepReplays(store: Store, now: number): Promise<number> {
  return deleteInBatches((limit) =>
    store
      .deleteFrom('replays')
      .where('id_hash', 'in', (eb) =>
        eb.selectFrom('replays').select('id_hash').where('expires_at', '<', now).limit(limit),
      ),
  );
}
