import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { sweepConnections } from '../../src/store/connections/connections.ts';
import { openDatabase } from '../../src/store/database.ts';
import { insertable } from '../../src/store/many.ts';
import { sweepRateLimits } from '../../src/store/rate-limits.ts';
import { sweepReplays } from '../../src/store/token/replays.ts';
import { deleteInBatches } from '../../src/store/sweep.ts';
import type { Store } from '../../src/store/tables.ts';
import { onEachDatabase, type TestDatabase } from '../support/databases.ts';

const now = 1_700_000_000_000;
/** More rows than two batches. All except the last have expired. */
const many = Array.from({ length: 1_201 }, (_, index) => ({
  id: `row-${index}`,
  expires_at: index < 1_200 ? 1 : now * 2,
}));

onEachDatabase((kind) => {
  describe('a sweep', () => {
    let database: TestDatabase;
    let store: Store;
    before(async () => {
      database = await kind.create();
      store = await openDatabase(database.url);
    });
    after(async () => {
      await store.destroy();
      await database.drop();
    });

    it('deletes every expired row from every table, and no other', async () => {
      const replays = many.map(({ id, expires_at }) => ({ id_hash: id, expires_at }));
      const counters = many.map(({ id, expires_at }) => ({ key_hash: id, points: 1, expires_at }));
      const transactions = many.map(({ id, expires_at }) => ({
        id_hash: id,
        connection: 'a',
        redirect_uri: 'https://app.example/',
        expires_at,
      }));
      for (const some of insertable(replays)) await store.insertInto('replays').values(some).execute();
      for (const some of insertable(counters)) await store.insertInto('rate_limits').values(some).execute();
      for (const some of insertable(transactions)) {
        await store.insertInto('authorization_transactions').values(some).execute();
      }
      assert.equal(await sweepReplays(store, now), 1_200);
      assert.equal(await sweepRateLimits(store, now), 1_200);
      await sweepConnections(store, now);
      for (const table of ['replays', 'rate_limits', 'authorization_transactions'] as const) {
        const { count } = await store
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        assert.equal(count, 1, table);
      }
    });
  });
});

describe('the batches of a sweep', () => {
  it('continue until one is not full, and let the event loop run between them', async () => {
    const left = [500n, 500n, 3n, 500n];
    let turns = 0;
    let sweeping = true;
    const count = (async () => {
      while (sweeping) {
        await setImmediate();
        turns += 1;
      }
    })();
    const deleted = await deleteInBatches(() => ({
      executeTakeFirst: async () => ({ numDeletedRows: left.shift() ?? 0n }),
    }));
    sweeping = false;
    await count;
    assert.equal(deleted, 1_003);
    assert.deepEqual(left, [500n]);
    assert.ok(turns >= 2, `${turns} turns`);
  });
});
