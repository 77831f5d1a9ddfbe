import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import { takeNumbers } from '../../../src/store/counters.ts';
import { databaseFault, openDatabase, poolState, printableUrl } from '../../../src/store/database.ts';
import { takeLease } from '../../../src/store/leases.ts';
import { listenForNotices, type NoticeTopic } from '../../../src/store/notices.ts';
import { revocationFeed, revoking } from '../../../src/store/token/revocations.ts';
import type { Store } from '../../../src/store/tables.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { type Line, openLine } from '../../support/cut.ts';
import { type DatabaseKind, onEachDatabase, type TestDatabase } from '../../support/databases.ts';
import { root, run, until } from '../../support/process.ts';

/** Opens a database several times for one test, like several processes. */
async function open(t: { after: (end: () => Promise<void>) => void }, kind: DatabaseKind, processes: number) {
  const { url, drop } = await kind.create();
  const stores: Store[] = [];
  while (stores.length < processes) stores.push(await openDatabase(url));
  t.after(async () => {
    for (const store of stores) await store.destroy();
    await drop();
  });
  return { url, stores };
}

/**
 * Starts on a database like a replica.
 * @returns a program that prints whether it created the tables
 */
const starting = (url: string) => `
import { firstStart } from '${root}src/identity/first-start.ts';
import { openDatabase } from '${root}src/store/database.ts';
const store = await openDatabase('${url}');
const made = await firstStart(store, {
  email: 'ada@example.com', password: 'correct horse battery', announce: () => {}, now: 1000,
  keys: { algorithm: 'ES256', sealer: null },
});
await store.destroy();
console.log('made: ' + made);`;

onEachDatabase((kind) => {
  it('ten replicas that start together on an empty database make the tables once, and all find them', async (t) => {
    const { url, drop } = await kind.create();
    t.after(drop);
    const replicas = Array.from({ length: 10 }, () => run(['--input-type=module', '--eval', starting(url)]));
    for (const replica of replicas) assert.equal(await replica.ended, 0, replica.output());
    assert.equal(replicas.filter((replica) => replica.output().includes('made: true')).length, 1);
    const store = await openDatabase(url);
    t.after(() => store.destroy());
    for (const table of ['accounts', 'applications', 'signing_keys'] as const) {
      assert.equal((await store.selectFrom(table).selectAll().execute()).length, 1, table);
    }
  });

  it('numbers of a rolled-back transaction are given out again', async (t) => {
    const { stores } = await open(t, kind, 1);
    const [store] = stores as [Store];
    await assert.rejects(
      inTransaction(store, async (transaction) => {
        assert.equal(await takeNumbers(transaction, 'revocations', 5), 1);
        throw new Error('no');
      }),
    );
    assert.equal(await inTransaction(store, (transaction) => takeNumbers(transaction, 'revocations', 2)), 1);
    assert.equal(await inTransaction(store, (transaction) => takeNumbers(transaction, 'revocations', 1)), 3);
  });

  it('a lease belongs to one holder until it expires', async (t) => {
    const { stores } = await open(t, kind, 4);
    const take = (store: Store, holder: string, now: number) =>
      takeLease(store, { name: 'sweep', holder, now, durationMs: 100 });
    const taken = await Promise.all(stores.map((store, index) => take(store, `holder ${index}`, 1_000)));
    assert.equal(taken.filter(Boolean).length, 1);
    const winner = `holder ${taken.indexOf(true)}`;
    const [store] = stores as [Store];
    assert.equal(await take(store, winner, 1_050), true);
    assert.equal(await take(store, 'another', 1_149), false);
    assert.equal(await take(store, 'another', 1_150), true);
    assert.equal(await take(store, winner, 1_151), false);
  });

  it('a text that the database cannot store is not found, and is not an error', async (t) => {
    const { stores } = await open(t, kind, 1);
    const [store] = stores as [Store];
    for (const id of ['a\0b', '\uD800', "'; drop table accounts; --"]) {
      const row = await store.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst();
      assert.equal(row, undefined);
    }
  });
});

onEachDatabase((kind) => {
  if (kind.name !== 'PostgreSQL') return;

  describe('a PostgreSQL', () => {
    let database: TestDatabase;
    let line: Line;
    /** A database URL that leads through a connection that can be cut. */
    let url: string;
    before(async () => {
      database = await kind.create();
      line = await openLine(Number(new URL(database.url).port));
      const through = new URL(database.url);
      through.port = String(line.port);
      url = through.href;
    });
    after(async () => {
      await line.close();
      await database.drop();
    });

    async function openStore(t: { after: (end: () => Promise<void>) => void }): Promise<Store> {
      const store = await openDatabase(url);
      t.after(() => store.destroy());
      return store;
    }

    it('numbers are in the order of commits, and a reader that follows them misses none', async (t) => {
      const { stores } = await open(t, kind, 3);
      const [first, second, reader] = stores as [Store, Store, Store];
      const feed = revocationFeed(reader, { issuer: 'us', memoryMs: 1e9, now: () => 1_000 }, () => {});
      let cursor: string | null = null;
      const seen: string[] = [];
      let writing = true;
      const writers = [first, second].map(async (store, index) => {
        for (let round = 0; round < 40; round += 1) {
          await revoking(store, 1_000, async (_, revoke) => {
            await revoke([{ kind: 'grant', id: `${index} ${round}`, issuedUntil: 1 }]);
            // This process commits later, even if its transaction began first.
            if (round % 3 === index) await sleep(2);
          });
        }
      });
      const follow = async () => {
        const read = await feed.since(cursor);
        cursor = read.cursor;
        seen.push(...read.revocations.map(({ id }) => id));
      };
      const reading = (async () => {
        while (writing) {
          await follow();
          await sleep(1);
        }
      })();
      await Promise.all(writers);
      writing = false;
      await reading;
      await follow();
      assert.equal(seen.length, 80);
      assert.equal(new Set(seen).size, 80);
    });

    it('that cannot be reached fails in bounded time, and works again afterwards', async (t) => {
      const store = await openStore(t);
      await sql`select 1`.execute(store);
      line.set('stalled');
      const from = performance.now();
      await assert.rejects(sql`select 1`.execute(store));
      const took = performance.now() - from;
      assert.ok(took < 9_000, `${took} ms`);
      line.set('open');
      await until(() => sql`select 1`.execute(store).then(Boolean, () => false), 20_000);
      assert.equal(poolState(store)?.waiting, 0);
    });

    it('that refuses connections fails, and works again afterwards', async (t) => {
      const store = await openStore(t);
      line.set('refused');
      await assert.rejects(sql`select 1`.execute(store));
      line.set('open');
      await until(() => sql`select 1`.execute(store).then(Boolean, () => false));
    });

    it('whose connections are ended in the middle of a transaction rolls it back', async (t) => {
      const store = await openStore(t);
      const work = inTransaction(store, async (transaction) => {
        await artifactsOfModel(transaction, 'Session', () => 0).upsert('half', { jti: 'half' }, 60);
        const others = await openDatabase(database.url);
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`.execute(others);
        await others.destroy();
        await sleep(50);
        await artifactsOfModel(transaction, 'Session', () => 0).upsert('other half', { jti: 'other half' }, 60);
      });
      await assert.rejects(work);
      assert.equal(await artifactsOfModel(store, 'Session', () => 0).find('half'), undefined);
    });

    it('that waits too long for a lock cancels the statement', async (t) => {
      const store = await openStore(t);
      const other = await openStore(t);
      await store.transaction().execute(async (transaction) => {
        await transaction.updateTable('counters').set({ value: 0 }).execute();
        const waited = other.updateTable('counters').set({ value: 0 }).execute();
        await assert.rejects(waited, { code: 'DATABASE_UNAVAILABLE', evidence: { reason: 'slow' } });
      });
    });

    it('resolves a deadlock, and both transactions succeed', async (t) => {
      const store = await openStore(t);
      const keep = (transaction: Store, id: string) =>
        artifactsOfModel(transaction, 'Session', () => 0).upsert(id, { jti: id }, 60);
      await keep(store, 'a');
      await keep(store, 'b');
      let tries = 0;
      let held = 0;
      const inOrder = (one: string, two: string) =>
        inTransaction(store, async (transaction) => {
          tries += 1;
          await keep(transaction, one);
          // Each waits until the other has locked its first row.
          held += 1;
          await until(() => held >= 2);
          await keep(transaction, two);
        });
      await Promise.all([inOrder('a', 'b'), inOrder('b', 'a')]);
      assert.ok(tries > 2, `${tries}`);
    });

    it('notifies every process, and again after the connection was lost', async (t) => {
      const store = await openStore(t);
      const heard: NoticeTopic[] = [];
      const faults: unknown[] = [];
      const deafen = listenForNotices(url, {
        onNotice: (topic) => heard.push(topic),
        onFault: (error) => faults.push(error),
      });
      t.after(deafen);
      await until(() => heard.length === 3);
      heard.length = 0;
      const revoke = (id: string) =>
        revoking(store, 1_000, async (_, add) => add([{ kind: 'token', id, issuedUntil: 1 }]));
      await revoke('a');
      await until(() => heard.length === 1);
      assert.deepEqual(heard, ['revocations']);
      heard.length = 0;
      line.set('refused');
      await until(() => faults.length === 1);
      line.set('open');
      // The listener cannot know which notifications it missed, so it reports every topic.
      await until(() => heard.length === 3);
      await revoke('b');
      await until(() => heard.length === 4);
      assert.equal(faults.length, 1);
    });

    it('a connection to a former primary is closed: after a failover writes succeed without a restart', async () => {
      const store = await openDatabase(database.url);
      const administrator = await openDatabase(database.url);
      const name = sql.id(new URL(database.url).pathname.slice(1));
      const write = () => takeNumbers(store, 'revocations', 1);
      const reconnect = () =>
        sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`.execute(administrator);
      try {
        // PostgreSQL sets whether a session is read-only when the session begins.
        await sql`alter database ${name} set default_transaction_read_only = on`.execute(administrator);
        await reconnect();
        await until(() =>
          write().then(
            () => false,
            (error: Error) => /takes no writes/.test(error.message),
          ),
        );
        await sql`alter database ${name} reset default_transaction_read_only`.execute(administrator);
        await until(() =>
          write().then(
            () => true,
            () => false,
          ),
        );
        await write();
      } finally {
        await sql`alter database ${name} reset default_transaction_read_only`.execute(administrator);
        await administrator.destroy();
        await store.destroy();
      }
    });

    it('is checked before the start, and a fault is reported without the password', async () => {
      assert.equal(await databaseFault(url), null);
      const wrong = new URL(database.url);
      wrong.password = 'hunter2';
      wrong.searchParams.set('application_name', 'hunter2');
      const fault = await databaseFault(wrong.href);
      assert.match(fault ?? '', /password authentication failed/);
      assert.doesNotMatch(`${fault} ${printableUrl(wrong.href)}`, /hunter2/);
      line.set('refused');
      assert.match((await databaseFault(url)) ?? '', /ECONNRESET|ended/);
      line.set('open');
      const store = await openDatabase(database.url);
      const name = new URL(database.url).pathname.slice(1);
      try {
        await sql`alter database ${sql.id(name)} set synchronous_commit = off`.execute(store);
        assert.match((await databaseFault(url)) ?? '', /synchronous_commit is off/);
        await sql`alter database ${sql.id(name)} reset synchronous_commit`.execute(store);
        await sql`alter database ${sql.id(name)} set default_transaction_read_only = on`.execute(store);
        assert.match((await databaseFault(url)) ?? '', /read-only/);
        await sql`alter database ${sql.id(name)} reset default_transaction_read_only`.execute(store);
      } finally {
        await store.destroy();
      }
    });
  });
});
