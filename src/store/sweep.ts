import { setImmediate } from 'node:timers/promises';
import type { Store } from './tables.ts';

/** How many expired rows of a table go in one statement, so that no writer waits long. */
const sweepSize = 500;

/** Deletes artifacts and grants that have expired, batch by batch, until none is left. @returns how many rows went */
export async function sweep(store: Store, now: number): Promise<number> {
  let swept = 0;
  for (;;) {
    const artifacts = await sweepArtifacts(store, now);
    const grants = await sweepGrants(store, now);
    swept += artifacts + grants;
    if (artifacts < sweepSize && grants < sweepSize) return swept;
    // SQLite answers in the same turn: others shall have theirs between.
    await setImmediate();
  }
}

async function sweepArtifacts(store: Store, now: number): Promise<number> {
  const { numDeletedRows } = await store
    .deleteFrom('artifacts')
    .where((eb) =>
      eb(
        eb.refTuple('model', 'id_hash'),
        'in',
        eb
          .selectFrom('artifacts')
          .select(['model', 'id_hash'])
          .where('expires_at', '<', now)
          .limit(sweepSize)
          .$asTuple('model', 'id_hash'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function sweepGrants(store: Store, now: number): Promise<number> {
  const { numDeletedRows } = await store
    .deleteFrom('grants')
    .where('id', 'in', (eb) => eb.selectFrom('grants').select('id').where('expires_at', '<', now).limit(sweepSize))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
