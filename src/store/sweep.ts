import { setImmediate } from 'node:timers/promises';
import type { Store } from './tables.ts';

/** How many rows one statement deletes at most. On SQLite, all other writers wait while it runs. */
const batchSize = 500;

/** A statement of Kysely that deletes. */
interface Deletion {
  executeTakeFirst(): Promise<{ readonly numDeletedRows: bigint } | undefined>;
}

/**
 * Deletes rows in batches until a batch is not full. Between two batches the event loop runs. Otherwise requests would
 * wait, because SQLite works synchronously.
 *
 * @param batch makes the statement that deletes at most `limit` rows. If a row may be renewed meanwhile, the outer
 *   statement needs the condition too. PostgreSQL evaluates the inner condition before it waits for the lock of a row.
 * @returns how many rows were deleted
 */
export async function deleteInBatches(batch: (limit: number) => Deletion): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = Number((await batch(batchSize).executeTakeFirst())?.numDeletedRows ?? 0);
    deleted += rows;
    if (rows < batchSize) return deleted;
    await setImmediate();
  }
}

/**
 * Deletes artifacts and grants that have expired.
 *
 * @param now milliseconds since the epoch
 * @returns how many rows were deleted
 */
export async function sweep(store: Store, now: number): Promise<number> {
  return (await sweepArtifacts(store, now)) + (await sweepGrants(store, now));
}

function sweepArtifacts(store: Store, now: number): Promise<number> {
  return deleteInBatches((limit) =>
    store
      .deleteFrom('artifacts')
      .where((eb) =>
        eb(
          eb.refTuple('model', 'id_hash'),
          'in',
          eb
            .selectFrom('artifacts')
            .select(['model', 'id_hash'])
            .where('expires_at', '<', now)
            .limit(limit)
            .$asTuple('model', 'id_hash'),
        ),
      )
      .where('expires_at', '<', now),
  );
}

function sweepGrants(store: Store, now: number): Promise<number> {
  return deleteInBatches((limit) =>
    store
      .deleteFrom('grants')
      .where('id', 'in', (eb) => eb.selectFrom('grants').select('id').where('expires_at', '<', now).limit(limit))
      .where('expires_at', '<', now),
  );
}
