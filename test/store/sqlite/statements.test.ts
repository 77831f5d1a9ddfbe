import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createStore } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrations.ts';
import type { Store } from '../../../src/store/tables.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { temporaryFolder } from '../../support/process.ts';

async function open(t: TestContext): Promise<{ store: Store; other: DatabaseSync; path: string }> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'test.db');
  const store = createStore(`file:${path}`);
  await migrate(store);
  const other = new DatabaseSync(path);
  t.after(async () => {
    other.close();
    await store.destroy();
    await folder.remove();
  });
  return { store, other, path };
}

const add = (store: Store, id: string, payload = '') =>
  store.insertInto('artifacts').values({ model: 'Test', id_hash: id, payload }).execute();

/** Returns the rows that another process can read now. */
const kept = (other: DatabaseSync): string[] =>
  other
    .prepare('select id_hash from artifacts order by id_hash')
    .all()
    .map((row) => String(row['id_hash']));

/**
 * Counts the commits in the write-ahead log (https://sqlite.org/walformat.html). The last frame of each commit states a
 * size.
 */
function commits(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const frame = 24 + log.readUInt32BE(8);
  let count = 0;
  for (let at = 32; at < log.length; at += frame) if (log.readUInt32BE(at + 4) > 0) count += 1;
  return count;
}

describe('statements of one process on a SQLite file', () => {
  it('that arrive together are written in one commit, and each is answered after it', async (t) => {
    const { store, other, path } = await open(t);
    const before = commits(path);
    const seen: string[][] = [];
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(
      ids.map(async (id) => {
        await add(store, id);
        seen.push(kept(other));
      }),
    );
    assert.deepEqual(
      seen,
      ids.map(() => ids),
    );
    assert.equal(commits(path) - before, 1);
    await add(store, 'e');
    await add(store, 'f');
    assert.equal(commits(path) - before, 3, 'and what comes one after another is not');
  });

  it('fail alone', async (t) => {
    const { store, other } = await open(t);
    const [first, twice, second] = await Promise.allSettled([add(store, 'a'), add(store, 'a'), add(store, 'b')]);
    assert.deepEqual([first.status, twice.status, second.status], ['fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(kept(other), ['a', 'b']);
  });

  it('are all rejected if the disk is full, and nothing is written', async (t) => {
    const { store, other } = await open(t);
    await sql`pragma max_page_count = 1`.execute(store);
    const results = await Promise.allSettled([
      add(store, 'a'),
      add(store, 'b', 'x'.repeat(1_000_000)),
      add(store, 'c'),
    ]);
    assert.equal(results[1].status, 'rejected');
    const told = ['a', 'b', 'c'].filter((_, index) => results[index]?.status === 'fulfilled');
    assert.deepEqual(kept(other), told);
    await sql`pragma max_page_count = 1000000`.execute(store);
    await add(store, 'd');
    assert.deepEqual(kept(other), [...told, 'd']);
  });

  it('are all rejected if the commit fails', async (t) => {
    const { store, other } = await open(t);
    // SQLite checks a deferred foreign key only at the commit.
    await sql`pragma defer_foreign_keys = on`.execute(store);
    await sql`create table parents (id integer primary key)`.execute(store);
    await sql`create table children (id integer references parents deferrable initially deferred)`.execute(store);
    const child = store.insertInto('children' as 'artifacts').values({ id: 1 } as never);
    const results = await Promise.allSettled([add(store, 'a'), child.execute(), add(store, 'b')]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.deepEqual(kept(other), []);
    await add(store, 'c');
    assert.deepEqual(kept(other), ['c']);
  });

  it('wait for the end of a transaction, and do not join it', async (t) => {
    const { store, other } = await open(t);
    let written: Promise<unknown> = Promise.resolve();
    let read: Promise<unknown> = Promise.resolve();
    const transaction = inTransaction(store, async (inside) => {
      await add(inside, 'inside');
      written = add(store, 'outside');
      read = store.selectFrom('artifacts').select('id_hash').execute();
      await sleep(50);
      throw new Error('undone');
    });
    await assert.rejects(transaction, /undone/);
    assert.deepEqual(await read, []);
    await written;
    assert.deepEqual(kept(other), ['outside']);
  });

  it('all end, one at a time, if there are many transactions and statements at once', async (t) => {
    const { store, other } = await open(t);
    await add(store, 'count', '0');
    const count = async (inside: Store) =>
      Number(
        (
          await inside
            .selectFrom('artifacts')
            .select('payload')
            .where('id_hash', '=', 'count')
            .executeTakeFirstOrThrow()
        ).payload,
      );
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0
          ? inTransaction(store, async (inside) => {
              const present = await count(inside);
              await sleep(1);
              const payload = String(present + 1);
              await inside.updateTable('artifacts').set({ payload }).where('id_hash', '=', 'count').execute();
            })
          : add(store, `x${index}`),
      ),
    );
    assert.equal(await count(store), 20);
    assert.equal(kept(other).length, 21);
  });

  it('do not write after SQLite itself has rolled back their transaction', async (t) => {
    const { store, other } = await open(t);
    await sql`pragma max_page_count = 1`.execute(store);
    const work = inTransaction(store, async (inside) => {
      await assert.rejects(add(inside, 'large', 'x'.repeat(1_000_000)));
      await add(inside, 'after');
    });
    await assert.rejects(work, /rolled back/);
    assert.deepEqual(kept(other), []);
  });

  it('wait together for another process', async (t) => {
    const { store, other } = await open(t);
    other.exec('begin immediate');
    const written = Promise.all(['a', 'b'].map((id) => add(store, id)));
    await sleep(100);
    const late = add(store, 'c');
    other.exec('commit');
    await written;
    await late;
    assert.deepEqual(kept(other), ['a', 'b', 'c']);
  });
});

describe('the opening of a new file', () => {
  for (const lock of ['begin exclusive', 'begin; select count(*) from sqlite_schema']) {
    it(`waits until another process ends \`${lock}\`, without blocking the only thread`, async (t) => {
      const folder = await temporaryFolder();
      const path = join(folder.path, 'new.db');
      const other = new DatabaseSync(path);
      other.exec(lock);
      const store = createStore(`file:${path}`);
      t.after(async () => {
        other.close();
        await store.destroy();
        await folder.remove();
      });
      const opened = migrate(store);
      // A timer of this thread releases the lock. If SQLite waited in this thread, the timer could not run.
      await sleep(100);
      other.exec('rollback');
      await opened;
      await add(store, 'a');
      assert.deepEqual(kept(other), ['a']);
    });
  }
});
