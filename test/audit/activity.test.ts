import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { type ActivityRange, countByTime, mostFrequent } from '../../src/audit/activity.ts';
import { auditTypes } from '../../src/audit/event-types.ts';
import type { AuditFact } from '../../src/audit/facts.ts';
import { writeAuditEvents } from '../../src/audit/write.ts';
import { speaksPostgres } from '../../src/store/postgres/dialect.ts';
import type { Store } from '../../src/store/tables.ts';
import { onEachDatabase } from '../support/databases.ts';
import { dose } from '../support/dose.ts';
import { denial, openProcesses } from './processes.ts';

const range: ActivityRange = { since: 1_000, until: 2_000, buckets: 4, latest: 1_000_000 };

onEachDatabase((database) => {
  describe('the activity of a range', () => {
    const counted = (changes: Partial<AuditFact>, at: number, count = 1) => ({
      fact: { ...denial, ...changes },
      count,
      at,
    });

    it('counts the events of each type in each part, from the beginning to before the end', async (t) => {
      const { store } = await openProcesses(database, t);
      await writeAuditEvents(store, [
        counted({}, 999, 100),
        counted({}, 1_000, 2),
        counted({}, 1_249, 3),
        counted({}, 1_250, 5),
        counted({}, 1_999, 7),
        counted({}, 2_000, 100),
        counted({ type: 'shadow_denial', outcome: 'allowed' }, 1_500, 11),
      ]);
      assert.deepEqual(await countByTime(store, {}, range), [
        { type: 'denial', total: 17, counts: [5, 5, 0, 7] },
        { type: 'shadow_denial', total: 11, counts: [0, 0, 11, 0] },
      ]);
      assert.deepEqual(
        (await countByTime(store, { type: 'shadow_denial' }, range)).map(({ type }) => type),
        ['shadow_denial'],
      );
      assert.deepEqual(await countByTime(store, { clientId: 'other' }, range), []);
      const [earlier] = await countByTime(store, {}, { ...range, latest: 3 });
      assert.deepEqual(earlier?.counts, [5, 0, 0, 0], 'later events do not count');
    });

    it('divides a range that its parts do not divide evenly', async (t) => {
      const { store } = await openProcesses(database, t);
      const facts = Array.from({ length: 1_000 }, (_, index) => counted({}, 1_000 + index));
      await writeAuditEvents(store, facts);
      for (const buckets of [1, 3, 7, 60, 200]) {
        const [activity] = await countByTime(store, {}, { ...range, buckets });
        assert.equal(activity?.counts.length, buckets);
        assert.equal(activity?.total, 1_000);
      }
    });

    it('returns the most frequent values of each type, and none for events without a value', async (t) => {
      const { store } = await openProcesses(database, t);
      await writeAuditEvents(store, [
        counted({ coordinate: 'Query.a', clientId: null }, 1_000, 3),
        counted({ coordinate: 'Query.b', rule: 'B' }, 1_100, 2),
        counted({ coordinate: 'Query.b', rule: null }, 1_200, 2),
        counted({ coordinate: 'Query.c' }, 1_300, 1),
        counted({ coordinate: 'Query.c', type: 'sign_in_failed' }, 1_300, 9),
        counted({ coordinate: 'Query.c' }, 3_000, 100),
      ]);
      const of = async (member: 'coordinate' | 'rule' | 'client', most: number) =>
        (await mostFrequent(store, {}, range, member, most)).map(
          ({ type, value, count }) => `${type} ${value} ${count}`,
        );
      assert.deepEqual(await of('coordinate', 2), ['denial Query.b 4', 'denial Query.a 3', 'sign_in_failed Query.c 9']);
      assert.deepEqual(await of('rule', 5), ['denial Query.orders 4', 'denial B 2', 'sign_in_failed Query.orders 9']);
      assert.deepEqual(await of('client', 5), ['denial web 5', 'sign_in_failed web 9']);
    });

    it('counts sums that are greater than 32 bits', async (t) => {
      const { store } = await openProcesses(database, t);
      await writeAuditEvents(store, [counted({}, 1_000, 2_000_000_000), counted({}, 1_001, 2_000_000_000)]);
      assert.equal((await countByTime(store, {}, range))[0]?.total, 4_000_000_000);
      assert.equal((await mostFrequent(store, {}, range, 'client', 1))[0]?.count, 4_000_000_000);
    });

    it('uses one statement for each question, and a bounded time for many rows', async (t) => {
      const { store, statements } = await openProcesses(database, t);
      const number = Number(process.env.ACTIVITY_ROWS ?? dose('audit/activity.test.ts'));
      await fill(store, number);
      const wide = { since: 0, until: number, buckets: 60, latest: number };
      statements.length = 0;
      const from = performance.now();
      const types = await countByTime(store, {}, wide);
      const counted = performance.now();
      assert.equal((await mostFrequent(store, {}, wide, 'coordinate', 50)).length, 50 * auditTypes.length);
      const took = { byTime: counted - from, byCoordinate: performance.now() - counted };
      t.diagnostic(
        `${number} rows: ${took.byTime.toFixed(0)} ms by time, ${took.byCoordinate.toFixed(0)} ms by coordinate`,
      );
      assert.equal(
        types.reduce((sum, { total }) => sum + total, 0),
        number,
      );
      assert.equal(statements.filter((text) => text.startsWith('select')).length, 2);
      assert.ok(took.byTime + took.byCoordinate < 20_000, JSON.stringify(took));
    });
  });
});

/** Writes rows of every type, 199 coordinates and 499 clients, one for each millisecond. */
async function fill(store: Store, number: number): Promise<void> {
  const cases = auditTypes.map((type, index) => `when ${index} then '${type}'`).join(' ');
  // One statement may take at most 3 s on PostgreSQL.
  const batch = 20_000;
  for (let first = 0; first < number; first += batch) {
    const last = Math.min(number, first + batch) - 1;
    const numbers = speaksPostgres(store)
      ? `select n from generate_series(${first}, ${last}) as series(n)`
      : `with recursive series(n) as (select ${first} union all select n + 1 from series where n < ${last}) select n from series`;
    await sql
      .raw(
        `insert into audit_events (sequence, at, type, outcome, coordinate, rule, account_id, client_id, detail, count)
         select n + 1, n, case (n * 7) % ${auditTypes.length} ${cases} end, 'denied', 'Query.f' || (n % 199),
         'Type' || (n % 47), 'account' || (n % 4999), 'client' || (n % 499), 'FORBIDDEN', 1 from (${numbers}) as numbered`,
      )
      .execute(store);
  }
}
