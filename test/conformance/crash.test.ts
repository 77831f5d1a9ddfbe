import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Site, work } from '../faults/clients.ts';
import { probeAll, renewAll, replayAll } from '../faults/finish.ts';
import { Ledger } from '../faults/ledger.ts';
import { judge } from '../faults/referee.ts';
import { type Replica, startReplica } from '../faults/replica.ts';
import { findUnsoundness } from '../faults/soundness.ts';
import { seeded } from '../fuzz/random.ts';
import { onEachDatabase, type TestDatabase } from '../support/databases.ts';
import { dose } from '../support/dose.ts';
import { freePort, temporaryFolder } from '../support/process.ts';
import { admin } from '../support/server.ts';

const rounds = dose('conformance/crash.test.ts');
const workers = 6;

onEachDatabase((kind) => {
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let replica: Replica;

  before(async () => {
    database = await kind.create();
    folder = await temporaryFolder();
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    replica = startReplica({ port, publicUrl, databaseUrl: database.url, folder: folder.path });
    await replica.ready();
  });
  after(async () => {
    await replica.stop();
    await database.drop();
    await folder.remove();
  });

  for (let round = 1; round <= rounds; round += 1) {
    it(`D-5 kill -9 during exchanges and refreshes loses nothing acknowledged, and nothing works twice (round ${round})`, async (t) => {
      const random = seeded(round);
      const ledger = new Ledger();
      let running = true;
      const site: Site = { url: replica.url, ledger, accounts: [admin], running: () => running };
      const working = Array.from({ length: workers }, (_, index) => work(site, seeded(100 * round + index), 0, 10));
      // Waits until some exchanges have succeeded, so that the process is killed while it works.
      const some = 5 + random.below(20);
      while ((ledger.counts['code: tokens'] ?? 0) < some) await sleep(5);
      await sleep(random.below(50));
      await replica.kill();
      running = false;
      await Promise.all(working);
      await replica.ready();
      assert.ok((ledger.counts['code: tokens'] ?? 0) > 0);

      const renewed = await renewAll(site);
      await probeAll(site, [replica.url]);
      const unsound = await findUnsoundness(database.url);
      const replayed = await replayAll(site);
      t.diagnostic(JSON.stringify({ ...ledger.counts, renewed, replayed }));
      assert.ok(renewed > 0);
      assert.deepEqual(judge(ledger.facts), []);
      assert.deepEqual(unsound, []);
    });
  }
});
