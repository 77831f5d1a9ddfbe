import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditFact } from '../../../src/audit/facts.ts';
import { parse } from 'graphql';
import { measure } from '../../../src/api/limits/measure.ts';
import { onEachDatabase } from '../../support/databases.ts';
import { applicationAlone, codesOf, nobody, openApi, person } from '../fixture.ts';

const auditor = person('eve', 'audit');
const since = '2025-01-31T11:00:00Z';
const activity = `query (
  $since: DateTime!, $until: DateTime, $buckets: Int! = 4, $type: AuditEventType, $coordinate: String, $account: ID,
  $clientId: String, $first: Int! = 10
) {
  auditActivity(
    since: $since, until: $until, buckets: $buckets, type: $type, coordinate: $coordinate, account: $account,
    clientId: $clientId
  ) {
    since until bucketSeconds latest
    types {
      type total counts
      coordinates(first: $first) { value count } rules(first: $first) { value count } clients(first: $first) { value count }
    }
  }
}`;
const fact: AuditFact = {
  type: 'denial',
  outcome: 'denied',
  coordinate: 'Query.orders',
  rule: 'Order',
  accountId: 'ada',
  clientId: 'web',
  detail: 'FORBIDDEN @auth',
};

describe('auditActivity', () => {
  for (const [who, principal] of Object.entries({
    nobody,
    'a person with every other scope': person('ada', 'profile', 'applications', 'grants', 'accounts', 'keys'),
    'an application with every other scope': applicationAlone('profile', 'accounts', 'keys'),
  })) {
    it(`by ${who} is denied, and nothing is read`, async (t) => {
      const { ask, statements } = await openApi(t);
      const answer = await ask(principal, activity, { since });
      assert.deepEqual(
        [answer.data, codesOf(answer)],
        [null, [principal === nobody ? 'UNAUTHENTICATED' : 'FORBIDDEN']],
      );
      assert.deepEqual(statements, []);
    });
  }

  onEachDatabase((database) => {
    it('counts by time and type, and by coordinate, rule and client', async (t) => {
      const api = await openApi(t, { database });
      api.clock.now -= 50 * 60_000;
      for (let index = 0; index < 3; index += 1) api.recorder.count(fact);
      await api.recorder.flush();
      api.clock.now += 50 * 60_000 - 1;
      api.recorder.count({ ...fact, coordinate: 'Query.other', rule: null, clientId: null });
      api.recorder.count({ ...fact, type: 'shadow_denial', outcome: 'allowed' });
      await api.recorder.flush();
      api.clock.now += 1;
      const { data, errors } = await api.ask(auditor, activity, { since });
      assert.deepEqual(errors, []);
      const one = (value: string, count: number) => [{ value, count }];
      assert.deepEqual(data.auditActivity, {
        since: '2025-01-31T11:00:00.000Z',
        until: '2025-01-31T12:00:00.000Z',
        bucketSeconds: 900,
        latest: Buffer.from('AuditEvent:3').toString('base64url'),
        types: [
          {
            type: 'DENIAL',
            total: 4,
            counts: [3, 0, 0, 1],
            coordinates: [...one('Query.orders', 3), ...one('Query.other', 1)],
            rules: one('Order', 3),
            clients: one('web', 3),
          },
          {
            type: 'SHADOW_DENIAL',
            total: 1,
            counts: [0, 0, 0, 1],
            coordinates: one('Query.orders', 1),
            rules: one('Order', 1),
            clients: one('web', 1),
          },
        ],
      });
      const totals = async (variables: Record<string, unknown>) => {
        const answer = await api.ask(auditor, activity, { since, ...variables });
        return answer.data.auditActivity.types.map(({ type, total }: any) => `${type} ${total}`).join(', ');
      };
      assert.equal(await totals({ type: 'SHADOW_DENIAL' }), 'SHADOW_DENIAL 1');
      assert.equal(await totals({ coordinate: 'Query.other' }), 'DENIAL 1');
      assert.equal(await totals({ clientId: 'web' }), 'DENIAL 3, SHADOW_DENIAL 1');
      assert.equal(await totals({ clientId: "' or 1=1 --" }), '');
      assert.equal(await totals({ account: Buffer.from('Account:bob').toString('base64url') }), '');
      const { data: events } = await api.ask(auditor, '{ auditEvents(clientId: "web") { nodes { clientId count } } }');
      assert.deepEqual(
        events.auditEvents.nodes.map(({ count }: any) => count),
        [1, 3],
      );
    });
  });

  it('uses five statements, however many rows, types and aliases there are', async (t) => {
    const api = await openApi(t);
    const alias = activity.replace('rules(', 'again: coordinates(first: 2) { value } rules(');
    const counts: number[] = [];
    for (const number of [1, 300]) {
      for (let index = 0; index < number; index += 1) {
        api.recorder.count({ ...fact, coordinate: `Query.f${index}`, type: index % 2 ? 'denial' : 'sign_in_failed' });
      }
      await api.recorder.flush();
      const { errors } = await api.ask(auditor, alias, { since, until: '2025-01-31T12:00:01Z' });
      assert.deepEqual(errors, []);
      counts.push(api.statements.length);
    }
    assert.deepEqual(counts, [5, 5]);
  });

  it('is recorded as administrative use, once for each operation', async (t) => {
    const api = await openApi(t);
    await api.ask(auditor, activity, { since });
    await api.recorder.flush();
    const rows = await api.store.selectFrom('audit_events').selectAll().execute();
    assert.deepEqual(
      rows.map(({ type, coordinate, count }) => [type, coordinate, count]),
      [['administration', 'Query.auditActivity', 1]],
    );
  });

  it('refuses arguments out of bounds, and a second selection in an operation', async (t) => {
    const api = await openApi(t);
    const refused: readonly (readonly [Record<string, unknown>, RegExp])[] = [
      [{ buckets: 0 }, /^buckets: expected 1 to 200\.$/],
      [{ buckets: 201 }, /^buckets: expected 1 to 200\.$/],
      [{ until: since }, /^since: expected a time before `until`\.$/],
      [{ since: '2024-10-31T12:00:00Z' }, /^since: expected a time at most 91 days before `until`\.$/],
      [{ account: 'ada' }, /./],
    ];
    for (const [variables, message] of refused) {
      const answer = await api.ask(auditor, activity, { since, ...variables });
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT'], JSON.stringify(variables));
      assert.match(answer.errors[0]?.message ?? '', message);
    }
    await api.recorder.write(fact);
    for (const first of [0, 51]) {
      const answer = await api.ask(auditor, activity, { since, until: '2025-01-31T12:00:01Z', first });
      assert.deepEqual([...new Set(codesOf(answer))], ['BAD_USER_INPUT']);
    }
    const twice = `{ a: auditActivity(since: "${since}") { since } b: auditActivity(since: "${since}") { since } }`;
    const answer = await api.ask(auditor, twice);
    assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT']);
    assert.match(
      answer.errors[0]?.message ?? '',
      /^auditActivity: expected one time in an operation, found it again\.$/,
    );
  });

  it('has a cost that grows with the requested numbers', async (t) => {
    const { schema } = await openApi(t);
    const cost = (first: number) =>
      measure(parse(activity), { schema, variables: { first }, listItems: 10 }).found.cost;
    assert.ok(cost(50) > 4 * cost(10), `${cost(10)} ${cost(50)}`);
    assert.ok(cost(50) < 10_000);
  });
});
