import type { Replays } from '../../token/ports.ts';
import type { Store } from '../tables.ts';
import { deleteInBatches } from '../sweep.ts';

/**
 * Returns the store of used identifiers. All processes on the database share it. If several callers add the same
 * identifier, only one of them gets true.
 *
 * @param unknownUntil identifiers that expire at or before this time count as used, because the database may not know
 *   that they were used. In milliseconds since the epoch. Default: every used identifier is known
 */
export function storedReplays(store: Store, unknownUntil: number = 0): Replays {
  return {
    async add(id, expiresAt) {
      if (expiresAt <= unknownUntil) return false;
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
 * Deletes all identifiers that have expired. Each request with a DPoP proof or a client assertion adds one.
 *
 * @param now milliseconds since the epoch
 * @returns how many rows were deleted
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
