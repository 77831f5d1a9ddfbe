import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type AuditEvent, type AuditFact, listAuditEvents } from '../../src/audit/trail.ts';
import { createAuditFeed } from '../../src/audit/feed.ts';
import { createAuditRecorder } from '../../src/audit/recorder.ts';
import { sweepAuditEvents } from '../../src/audit/retention.ts';
import type { Store } from '../../src/identity/store.ts';
import { anonymous, makePrincipal } from '../../src/principal.ts';
import { createStore } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrations.ts';
import { until } from '../support/process.ts';
import { onEachDatabase } from '../support/databases.ts';

onEachDatabase((database) => {
  /** Processes on one database: each with a store, a recorder and a feed of its own, and seconds that pass when a test says so. */
  async function openProcesses(t: TestContext, number = 1) {
    const { url, drop } = await database.create();
    const clock = { now: 1_000_000 };
    const processes = Array.from({ length: number }, () => {
      const statements: string[] = [];
      const faults: unknown[] = [];
      const everySecond = new Set<() => void>();
      const heard: { onStatement?: (sql: string) => void } = {};
      const onStatement = (sql: string) => {
        statements.push(sql);
        heard.onStatement?.(sql);
      };
      const store = createStore(url, { onStatement });
      const onFault = (error: unknown) => faults.push(error);
      const feed = createAuditFeed({
        store,
        everySecond: (work) => {
          everySecond.add(work);
          return () => everySecond.delete(work);
        },
        onFault,
      });
      const recorder = createAuditRecorder({ store, now: () => clock.now, onWritten: feed.wake, onFault });
      const second = () => everySecond.forEach((work) => work());
      return { store, feed, recorder, statements, heard, faults, everySecond, second };
    });
    t.after(async () => {
      for (const { store } of processes) await store.destroy();
      await drop();
    });
    const [first] = processes;
    if (!first) throw new Error('no process');
    await migrate(first.store);
    return { ...first, clock, processes };
  }

  const denial: AuditFact = {
    type: 'denial',
    outcome: 'denied',
    coordinate: 'Query.orders',
    rule: 'Query.orders',
    accountId: 'ada',
    clientId: 'web',
    detail: 'FORBIDDEN @auth(scope: "orders:read")',
  };
  const administration: AuditFact = { ...denial, type: 'administration', outcome: 'allowed', detail: null };

  function client(clientId: string) {
    return makePrincipal({
      kind: 'account',
      issuer: 'https://issuer.example',
      subject: 'ada',
      clientId,
      accountId: 'ada',
      scopes: new Set<string>(),
      expiresAt: 4_102_444_800,
      claims: { secret: 'sssh' },
    });
  }

  async function rows(store: Store): Promise<readonly AuditEvent[]> {
    const { items } = await listAuditEvents(store, {}, { first: 100_000, after: null });
    return items;
  }

  suite('what a flood can write', () => {
    test('10,000 denials that are alike are one row with their number, and the time of the last', async (t) => {
      const { recorder, store, statements, clock } = await openProcesses(t);
      const principal = client('web');
      const before = statements.length;
      for (let index = 0; index < 10_000; index += 1) {
        clock.now += 1;
        const { coordinate, rule } = { coordinate: 'Query.orders', rule: 'Query' };
        recorder.denied({ coordinate, rule, source: '@auth(scope: "a")', code: 'FORBIDDEN', principal });
      }
      assert.equal(statements.length, before, 'nothing is written while it is counted');
      await recorder.flush();
      await recorder.flush();
      assert.deepEqual(await rows(store), [
        {
          id: '1',
          createdAt: 1_010_000,
          count: 10_000,
          type: 'denial',
          outcome: 'denied',
          coordinate: 'Query.orders',
          rule: 'Query',
          accountId: 'ada',
          clientId: 'web',
          detail: 'FORBIDDEN @auth(scope: "a")',
        },
      ]);
    });

    test('10,000 denials that are all different are 1,001 rows, in 1 transaction of few statements', async (t) => {
      const { recorder, store, statements } = await openProcesses(t);
      for (let index = 0; index < 10_000; index += 1) recorder.count({ ...denial, clientId: `client ${index}` });
      statements.length = 0;
      await recorder.flush();
      const inserts = statements.filter((sql) => sql.startsWith('insert'));
      assert.ok(inserts.length <= 10, String(inserts.length));
      const all = await rows(store);
      assert.equal(all.length, 1_001);
      assert.equal(
        all.reduce((sum, { count }) => sum + count, 0),
        10_000,
      );
      const { coordinate, clientId, count, detail } = all[0] ?? {};
      assert.deepEqual([coordinate, clientId, count], [null, null, 9_000]);
      assert.match(detail ?? '', /beyond the 1000/);
    });

    test('the statements of all sizes are few, so that few are kept prepared', async (t) => {
      const { recorder, statements } = await openProcesses(t);
      statements.length = 0;
      for (let size = 1; size <= 1_000; size += 37) {
        for (let index = 0; index < size; index += 1) recorder.count({ ...denial, clientId: `client ${index}` });
        await recorder.flush();
      }
      const distinct = new Set(statements.filter((sql) => sql.startsWith('insert')));
      assert.ok(distinct.size <= 10, String(distinct.size));
    });

    test('no flood of denials hides what administrators do', async (t) => {
      const { recorder, store } = await openProcesses(t);
      for (let index = 0; index < 10_000; index += 1) recorder.count({ ...denial, clientId: `client ${index}` });
      recorder.count(administration);
      await recorder.flush();
      const { items } = await listAuditEvents(store, { type: 'administration' }, { first: 10, after: null });
      assert.deepEqual(
        items.map(({ coordinate, count }) => [coordinate, count]),
        [['Query.orders', 1]],
      );
    });

    test('what could not be written stays counted', async (t) => {
      const { recorder, store, faults } = await openProcesses(t);
      await store.schema.alterTable('audit_events').renameTo('away').execute();
      recorder.count(denial);
      await recorder.flush();
      recorder.count(denial);
      assert.equal(faults.length, 1);
      await assert.rejects(recorder.write(administration));
      await store.schema.alterTable('away').renameTo('audit_events').execute();
      await recorder.flush();
      assert.deepEqual(
        (await rows(store)).map(({ type, count }) => [type, count]),
        [['denial', 2]],
      );
    });
  });

  suite('what stands in a row', () => {
    test('nothing of a token but its account and client', async (t) => {
      const { recorder, store } = await openProcesses(t);
      const event = { coordinate: 'Query.a', rule: 'Query.a', source: '@auth', code: 'FORBIDDEN' };
      recorder.denied({ ...event, principal: client('web') });
      recorder.denied({ ...event, principal: anonymous });
      await recorder.flush();
      const all = await rows(store);
      assert.deepEqual(
        all.map(({ accountId, clientId }) => [accountId, clientId]),
        [
          [null, null],
          ['ada', 'web'],
        ],
      );
      assert.doesNotMatch(JSON.stringify(all), /sssh/);
    });

    test('no text is long, and none holds a control character or half a character', async (t) => {
      const { recorder, store } = await openProcesses(t);
      const long = `a\0b\n${'x'.repeat(1_000_000)}`;
      await recorder.write({ ...denial, coordinate: long, rule: long, accountId: long, clientId: long, detail: long });
      await recorder.write({ ...denial, detail: `${'x'.repeat(499)}😀` });
      const [second, first] = await rows(store);
      assert.ok(JSON.stringify(first).length < 2_000);
      assert.match(first?.detail ?? '', /^a b x+$/);
      assert.equal(second?.detail, `${'x'.repeat(499)}\u{fffd}`);
    });
  });

  suite('following', () => {
    test('what this process writes arrives at once, in order and once', async (t) => {
      const { recorder, feed } = await openProcesses(t);
      await recorder.write({ ...denial, detail: 'before' });
      const events = await feed.follow();
      const first = events.next();
      for (const detail of ['1', '2', '3']) await recorder.write({ ...denial, detail });
      const three = [await first, await events.next(), await events.next()];
      assert.deepEqual(
        three.map(({ value }) => value.detail),
        ['1', '2', '3'],
      );
      await events.return?.();
    });

    test('what another process writes arrives with the next second', async (t) => {
      const { processes } = await openProcesses(t, 2);
      const [here, there] = processes;
      if (!here || !there) throw new Error('no processes');
      const events = await here.feed.follow();
      const next = events.next();
      await there.recorder.write(denial);
      here.second();
      const { value } = await next;
      assert.equal(value.coordinate, 'Query.orders');
      await events.return?.();
    });

    test('what is written while a follower reads is not passed over', async (t) => {
      const { feed, heard, processes } = await openProcesses(t, 2);
      const [, other] = processes;
      const events = await feed.follow();
      const reads: string[] = [];
      heard.onStatement = (sql) => {
        if (reads.push(sql) > 1) return;
        // The first reading is over, and found nothing; the follower does not know yet.
        void other?.recorder.write(denial).then(feed.wake);
      };
      const next = events.next();
      await until(() => reads.length === 2);
      assert.equal((await next).value.id, '1');
      await events.return?.();
    });

    test('all followers have one clock together, which runs as long as there is one', async (t) => {
      const { feed, everySecond } = await openProcesses(t);
      assert.equal(everySecond.size, 0);
      const [one, two] = [await feed.follow(), await feed.follow()];
      assert.equal(everySecond.size, 1);
      await one.return?.();
      assert.equal(everySecond.size, 1);
      await two.return?.();
      assert.equal(everySecond.size, 0);
      const again = await feed.follow();
      assert.equal(everySecond.size, 1);
      await again.return?.();
    });

    test('whoever reads slowly gets everything late', async (t) => {
      const { recorder, feed } = await openProcesses(t);
      const [slow, quick] = [await feed.follow(), await feed.follow()];
      for (let index = 0; index < 950; index += 1) recorder.count({ ...denial, detail: String(index) });
      await recorder.flush();
      for (const events of [quick, slow]) {
        for (let index = 0; index < 950; index += 1) assert.equal((await events.next()).value.detail, String(index));
        await events.return?.();
      }
    });

    test('two that ask one follower at the same time get two events', async (t) => {
      const { recorder, feed } = await openProcesses(t);
      const events = await feed.follow();
      const asked = [events.next(), events.next()];
      await recorder.write({ ...denial, detail: '1' });
      await recorder.write({ ...denial, detail: '2' });
      assert.deepEqual(
        (await Promise.all(asked)).map(({ value }) => value.detail),
        ['1', '2'],
      );
      await events.return?.();
    });

    test('whoever leaves while waiting is let go at once', async (t) => {
      const { feed } = await openProcesses(t);
      const events = await feed.follow();
      const waiting = events.next();
      await events.return?.();
      assert.deepEqual(await waiting, { done: true, value: undefined });
      assert.deepEqual(await events.next(), { done: true, value: undefined });
    });

    test('closing ends everyone, and those who come later', async (t) => {
      const { feed, everySecond } = await openProcesses(t);
      const waiting = (await feed.follow()).next();
      feed.close();
      assert.equal((await waiting).done, true);
      assert.equal((await (await feed.follow()).next()).done, true);
      assert.equal(everySecond.size, 0);
    });

    test('a table that cannot be read ends the stream with the error, and its clock', async (t) => {
      const { feed, recorder, store, second, faults, everySecond } = await openProcesses(t);
      const events = await feed.follow();
      await store.schema.dropTable('audit_events').execute();
      second();
      await until(() => faults.length === 1);
      second();
      await recorder.write(denial).catch(() => {});
      assert.equal(faults.length, 1, 'an outage is told once');
      await assert.rejects(events.next(), /no such table|does not exist/);
      assert.equal(everySecond.size, 0);
    });
  });

  suite('retention', () => {
    const days = 24 * 60 * 60_000;

    test('an event goes when it is older than 90 days', async (t) => {
      const { recorder, store, clock } = await openProcesses(t);
      for (let index = 0; index < 1_200; index += 1) recorder.count({ ...denial, clientId: String(index % 600) });
      await recorder.write(administration);
      await recorder.flush();
      assert.equal(await sweepAuditEvents(store, clock.now + 90 * days), 0);
      clock.now += 1;
      await recorder.write({ ...administration, detail: 'later' });
      assert.equal(await sweepAuditEvents(store, clock.now + 90 * days), 601);
      assert.deepEqual(
        (await rows(store)).map(({ detail }) => detail),
        ['later'],
      );
    });

    test('denials beyond the newest go, and nothing else does', async (t) => {
      const { recorder, store, clock } = await openProcesses(t);
      await recorder.write(administration);
      for (let index = 0; index < 20; index += 1) await recorder.write({ ...denial, detail: String(index) });
      assert.equal(await sweepAuditEvents(store, clock.now, 10), 10);
      const left = await rows(store);
      assert.deepEqual(
        left.map(({ type, detail }) => (type === 'denial' ? detail : type)),
        ['19', '18', '17', '16', '15', '14', '13', '12', '11', '10', 'administration'],
      );
      assert.equal(await sweepAuditEvents(store, clock.now, 10), 0);
    });
  });
});
