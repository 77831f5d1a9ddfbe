import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { ClaimgateError } from '../../../src/errors.ts';
import { findAccount } from '../../../src/identity/accounts/accounts.ts';
import { saveGrant } from '../../../src/identity/grants/grants.ts';
import { createStore } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { revoking } from '../../../src/store/token/revocations.ts';
import type { Store } from '../../../src/store/tables.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { unavailability } from '../../../src/store/outage/unavailable.ts';
import { freePort, temporaryFolder, until } from '../../support/process.ts';

async function open(t: TestContext): Promise<{ store: Store; path: string; heard: string[] }> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'test.db');
  const heard: string[] = [];
  const store = createStore(`file:${path}`, { onUnavailable: (reason) => heard.push(reason) });
  t.after(async () => {
    await store.destroy();
    await folder.remove();
  });
  await migrate(store);
  return { store, path, heard };
}

function unavailable(reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ClaimgateError, String(error));
    assert.deepEqual([error.code, error.evidence], ['DATABASE_UNAVAILABLE', { reason }]);
    return true;
  };
}

const grant = (id: string, size = 10) => ({
  id,
  accountId: 'nobody',
  applicationId: 'none',
  scopes: [],
  expiresAt: 1,
  payload: { text: 'x'.repeat(size) },
});

async function withoutReferences(store: Store): Promise<void> {
  await sql`pragma foreign_keys = off`.execute(store);
}

describe('D-6 a SQLite database that cannot be used is reported with the reason', () => {
  it('full: the transaction is rolled back, and writes work again when there is room', async (t) => {
    const { store, heard } = await open(t);
    await withoutReferences(store);
    // SQLite raises this limit to the present number of pages, so the database is full.
    await sql`pragma max_page_count = 1`.execute(store);
    const work = (id: string) =>
      inTransaction(store, async (transaction) => {
        await saveGrant(transaction, grant(`${id} small`), 1);
        await saveGrant(transaction, grant(`${id} large`, 100_000), 1);
      });
    await assert.rejects(work('a'), unavailable('full'));
    assert.deepEqual(heard, ['full']);
    assert.deepEqual(await store.selectFrom('grants').select('id').execute(), []);
    assert.equal(await findAccount(store, 'nobody'), null, 'reading goes on');
    await sql`pragma max_page_count = 1000000`.execute(store);
    await work('b');
    assert.equal((await store.selectFrom('grants').select('id').execute()).length, 2);
  });

  it('read-only: writes fail, and reads succeed', async (t) => {
    const { store } = await open(t);
    await sql`pragma query_only = on`.execute(store);
    await assert.rejects(saveGrant(store, grant('a'), 1), unavailable('read-only'));
    await assert.rejects(
      revoking(store, 1, (_transaction, revoke) => revoke([{ kind: 'grant', id: 'a', issuedUntil: 1 }])),
      unavailable('read-only'),
    );
    assert.equal(await findAccount(store, 'nobody'), null);
    await sql`pragma query_only = off`.execute(store);
    await withoutReferences(store);
    await saveGrant(store, grant('a'), 1);
  });

  it('slow: another process writes for longer than the time limit', async (t) => {
    const { store, path } = await open(t);
    const other = new DatabaseSync(path);
    t.after(() => other.close());
    other.exec('begin immediate');
    await assert.rejects(saveGrant(store, grant('a'), 1), unavailable('slow'));
    await assert.rejects(
      inTransaction(store, () => Promise.resolve()),
      unavailable('slow'),
    );
    // The first statement has waited for the whole limit. A read in between does not make later statements wait as
    // long.
    const from = performance.now();
    for (let round = 0; round < 5; round += 1) {
      assert.equal(await findAccount(store, 'nobody'), null);
      await assert.rejects(saveGrant(store, grant('a'), 1), unavailable('slow'));
    }
    assert.ok(performance.now() - from < 2_500);
    other.exec('commit');
    await inTransaction(store, () => Promise.resolve());
  });

  it('a writer waits for another process without blocking this one', async (t) => {
    const { store, path } = await open(t);
    await withoutReferences(store);
    const other = new DatabaseSync(path);
    t.after(() => other.close());
    other.exec('begin immediate');
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const written = saveGrant(store, grant('a'), 1);
    await until(() => ticks > 20);
    clearInterval(timer);
    other.exec('commit');
    await written;
  });

  it('many writers of one process, each with its own connection, all succeed', async (t) => {
    const { store, path } = await open(t);
    await withoutReferences(store);
    const others = Array.from({ length: 8 }, () => createStore(`file:${path}`));
    t.after(() => Promise.all(others.map((other) => other.destroy())));
    for (const other of others) await withoutReferences(other);
    const from = performance.now();
    await Promise.all(
      others.map((other, index) =>
        inTransaction(other, async (transaction) => {
          await saveGrant(transaction, grant(`a${index}`), 1);
          await sleep(20);
          await saveGrant(transaction, grant(`b${index}`), 1);
        }),
      ),
    );
    assert.ok(performance.now() - from < 4_000);
    assert.equal((await store.selectFrom('grants').select('id').execute()).length, 16);
  });

  it('away: the file cannot be opened, and works again when it can', async (t) => {
    const folder = await temporaryFolder();
    t.after(folder.remove);
    const path = join(folder.path, 'a-folder');
    const store = createStore(`file:${join(path, 'test.db')}`);
    t.after(() => store.destroy());
    const blocking = new DatabaseSync(path); // A file stands where the database's folder should be.
    blocking.exec('create table t (x)');
    blocking.close();
    await assert.rejects(findAccount(store, 'nobody'));
    const { rm } = await import('node:fs/promises');
    await rm(path);
    await migrate(store);
    assert.equal(await findAccount(store, 'nobody'), null);
  });

  it('a wrong statement is not an outage', async (t) => {
    const { store, heard } = await open(t);
    await assert.rejects(
      sql`select * from nothing`.execute(store),
      (error) => !(error instanceof ClaimgateError) && unavailability(error) === null,
    );
    await assert.rejects(saveGrant(store, grant('a'), 1), (error) => !(error instanceof ClaimgateError));
    assert.deepEqual(heard, []);
  });
});

describe('D-6 errors of PostgreSQL and the network', () => {
  const failed = (message: string, code?: string) => Object.assign(new Error(message), code && { code });
  for (const [error, reason] of [
    [failed('connect', 'ECONNREFUSED'), 'away'],
    [new AggregateError([failed('::1', 'EADDRNOTAVAIL'), failed('127.0.0.1', 'ECONNREFUSED')]), 'away'],
    [failed('read', 'ECONNRESET'), 'away'],
    [failed('Connection terminated unexpectedly'), 'away'],
    [failed('Connection terminated due to connection timeout'), 'slow'],
    [failed('timeout exceeded when trying to connect'), 'slow'],
    [failed('Query read timeout'), 'slow'],
    [failed('terminating connection due to administrator command', '57P01'), 'away'],
    [failed('the database system is starting up', '57P03'), 'away'],
    [failed('connection failure', '08006'), 'away'],
    [failed('password authentication failed', '28P01'), 'away'],
    [failed('could not extend file', '53100'), 'full'],
    [failed('too many connections', '53300'), 'slow'],
    [failed('cannot execute INSERT in a read-only transaction', '25006'), 'read-only'],
    [failed('could not serialize access', '40001'), 'slow'],
    [failed('canceling statement due to statement timeout', '57014'), 'slow'],
    [failed('could not read block', '58030'), 'away'],
    [failed('duplicate key value', '23505'), null],
    [failed('relation does not exist', '42P01'), null],
    [failed('anything else'), null],
    ['a string', null],
  ] as const) {
    const name = error instanceof Error ? `${'code' in error ? error.code : ''} ${error.message}` : error;
    it(`${name}: ${reason ?? 'no outage'}`, () => assert.equal(unavailability(error), reason));
  }

  it('no server listens: away', async (t) => {
    const store = createStore(`postgres://nobody@127.0.0.1:${await freePort()}/nothing`);
    t.after(() => store.destroy());
    await assert.rejects(findAccount(store, 'nobody'), unavailable('away'));
  });
});
