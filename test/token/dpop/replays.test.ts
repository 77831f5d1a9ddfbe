import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openDatabase } from '../../../src/store/database.ts';
import { storedReplays, sweepReplays } from '../../../src/store/token/replays.ts';
import type { Store } from '../../../src/store/tables.ts';
import { memoryReplays } from '../../../src/token/dpop/replays.ts';
import type { Replays } from '../../../src/token/ports.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';
import { root, run } from '../../support/process.ts';

onEachDatabase((database) => {
  let created: TestDatabase;
  /** Two connections to one file, like two processes have. */
  let stores: readonly Store[];
  before(async () => {
    created = await database.create();
    stores = [await openDatabase(created.url), await openDatabase(created.url)];
  });
  after(async () => {
    for (const store of stores) await store.destroy();
    await created.drop();
  });

  const kinds: Readonly<Record<string, () => readonly Replays[]>> = {
    'in memory': () => [memoryReplays({ clock: () => 0 })],
    'in a database, by one process': () => [storedReplays(stores[0]!)],
    'in a database, by two processes': () => stores.map((store) => storedReplays(store)),
  };
  for (const [kind, open] of Object.entries(kinds)) {
    describe(`A-9 identifiers that were used, ${kind}`, () => {
      it('are new once', async () => {
        const [first, second = first] = open();
        assert.equal(await first?.add(`${kind} a`, 1000), true);
        assert.equal(await second?.add(`${kind} a`, 1000), false);
        assert.equal(await first?.add(`${kind} a`, 9000), false);
        assert.equal(await second?.add(`${kind} b`, 1000), true);
      });

      it('are new to only one of many parallel uses', async () => {
        const all = open();
        const answers = await Promise.all(
          Array.from({ length: 40 }, async (_, index) => all[index % all.length]?.add(`${kind} c`, 1000)),
        );
        assert.equal(answers.filter(Boolean).length, 1);
      });
    });
  }

  /** A program that adds many identifiers, and prints how many were new. */
  const adding = (url: string) => `
import { openDatabase } from '${root}src/store/database.ts';
import { storedReplays } from '${root}src/store/token/replays.ts';
const store = await openDatabase('${url}');
const replays = storedReplays(store);
let added = 0;
for (let index = 0; index < 300; index++) if (await replays.add('shared ' + index, 1000)) added++;
await store.destroy();
console.log('added ' + added);`;

  it('A-9 two processes that use the same proofs at the same time: each proof is new to only one of them', async () => {
    const processes = [1, 2].map(() => run(['--input-type=module', '--eval', adding(created.url)]));
    const counts: number[] = [];
    for (const running of processes) {
      assert.equal(await running.ended, 0, running.output());
      counts.push(Number(/added (\d+)/.exec(running.output())?.[1]));
    }
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      300,
      counts.join(' + '),
    );
  });

  describe('A-9 the memory of one process', () => {
    it('removes proofs after they have expired, and not before', async () => {
      let now = 0;
      const replays = memoryReplays({ clock: () => now });
      await replays.add('a', 1000);
      now = 999;
      assert.equal(await replays.add('a', 1000), false);
      now = 1000;
      assert.equal(await replays.add('a', 2000), true);
    });

    it('accepts no more proofs when it is full, until some have expired', async () => {
      let now = 0;
      const replays = memoryReplays({ maxEntries: 2, clock: () => now });
      await replays.add('a', 1000);
      await replays.add('b', 2000);
      await assert.rejects(replays.add('c', 2000), /2 proofs/);
      assert.equal(await replays.add('a', 1000), false);
      now = 1000;
      assert.equal(await replays.add('c', 2000), true);
    });

    it('always stays within its bound', async () => {
      let now = 0;
      const replays = memoryReplays({ maxEntries: 100, clock: () => now });
      for (; now < 10_000; now++) assert.equal(await replays.add(`id ${now}`, now + 100), true);
    });
  });

  describe('A-9 the database', () => {
    it('is swept of all expired proofs, and of no others', async () => {
      const [store] = stores;
      assert.ok(store);
      await sweepReplays(store, Number.MAX_SAFE_INTEGER);
      const replays = storedReplays(store);
      for (let index = 0; index < 1_100; index++) await replays.add(`expired ${index}`, 999);
      await replays.add('good', 1000);
      assert.equal(await sweepReplays(store, 1000), 1_100);
      assert.equal(await replays.add('good', 1000), false);
      assert.equal(await replays.add('expired 1', 2000), true);
    });

    it('rejects when it is unavailable, and never reports a proof as new', async () => {
      const store = await openDatabase(created.url);
      await storedReplays(store).add('before', 1000);
      await store.destroy();
      await assert.rejects(storedReplays(store).add('a', 1000));
    });
  });
});
