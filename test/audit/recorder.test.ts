import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAuditEvents } from '../../src/audit/trail.ts';
import { changeAudited } from '../../src/audit/write.ts';
import { anonymous } from '../../src/principal.ts';
import { onEachDatabase } from '../support/databases.ts';
import { administration, denial, openProcesses, principalOf, rows } from './processes.ts';

onEachDatabase((database) => {
  describe('a flood of events', () => {
    it('10,000 equal denials are one row with their number and the time of the last one', async (t) => {
      const { recorder, store, statements, clock } = await openProcesses(database, t);
      const principal = principalOf('web');
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

    it('10,000 different denials are 1,001 rows, written by at most 10 statements', async (t) => {
      const { recorder, store, statements } = await openProcesses(database, t);
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

    it('flushes of all sizes use at most 10 different statements, so that few are kept prepared', async (t) => {
      const { recorder, statements } = await openProcesses(database, t);
      statements.length = 0;
      for (let size = 1; size <= 1_000; size += 37) {
        for (let index = 0; index < size; index += 1) recorder.count({ ...denial, clientId: `client ${index}` });
        await recorder.flush();
      }
      const distinct = new Set(statements.filter((sql) => sql.startsWith('insert')));
      assert.ok(distinct.size <= 10, String(distinct.size));
    });

    it('10,000 denials hide no use of an administrative field', async (t) => {
      const { recorder, store } = await openProcesses(database, t);
      for (let index = 0; index < 10_000; index += 1) recorder.count({ ...denial, clientId: `client ${index}` });
      recorder.count(administration);
      await recorder.flush();
      const { items } = await listAuditEvents(store, { type: 'administration' }, { first: 10, after: null });
      assert.deepEqual(
        items.map(({ coordinate, count }) => [coordinate, count]),
        [['Query.orders', 1]],
      );
    });

    it('events that could not be written stay counted', async (t) => {
      const { recorder, store, faults } = await openProcesses(database, t);
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

  describe('a row', () => {
    it('holds the account and the client of a token, and nothing else of it', async (t) => {
      const { recorder, store } = await openProcesses(database, t);
      const event = { coordinate: 'Query.a', rule: 'Query.a', source: '@auth', code: 'FORBIDDEN' };
      recorder.denied({ ...event, principal: principalOf('web') });
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

    it('holds no long text, no control character and no half of a surrogate pair', async (t) => {
      const { recorder, store } = await openProcesses(database, t);
      const long = `a\0b\n${'x'.repeat(1_000_000)}`;
      await recorder.write({ ...denial, coordinate: long, rule: long, accountId: long, clientId: long, detail: long });
      await recorder.write({ ...denial, detail: `${'x'.repeat(499)}😀` });
      const [second, first] = await rows(store);
      assert.ok(JSON.stringify(first).length < 2_000);
      assert.match(first?.detail ?? '', /^a b x+$/);
      assert.equal(second?.detail, `${'x'.repeat(499)}\u{fffd}`);
    });

    it('holds no long text when a change writes it without a recorder', async (t) => {
      const { store } = await openProcesses(database, t);
      const fact = { ...denial, detail: 'x'.repeat(1_000) };
      await changeAudited(
        store,
        async () => {},
        () => [{ fact, count: 1, at: 0 }],
      );
      assert.equal((await rows(store))[0]?.detail?.length, 500);
    });
  });
});
