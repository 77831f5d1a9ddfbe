import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { testIssuer } from '../../../src/testing/issuer.ts';
import { schemaOf, startTestServer } from '../../../src/testing/server.ts';
import { runAttack } from '../../../src/tools/attack/attack.ts';
import { givenPersonas, personaOfToken, withoutToken } from '../../../src/tools/attack/callers/given.ts';
import type { Persona } from '../../../src/tools/attack/callers/persona.ts';
import { joined } from '../../../src/tools/attack/endpoints/server/incremental.ts';
import { runningServer } from '../../../src/tools/attack/endpoints/server/running.ts';
import { createJudge } from '../../../src/tools/attack/verdict/judge.ts';
import { type RuleSource, sourceOfGuarded } from '../../../src/tools/source/rule-source.ts';
import { sourceOfSdl } from '../../../src/tools/source/sdl.ts';
import { startWeakServer, weakSdl } from './weak-server.ts';
import { type WeakTransport, weakTransports } from './weak-transports.ts';

/** Attacks a server with tokens, by their names. */
async function attackServer(
  url: string,
  source: RuleSource,
  tokens: Readonly<Record<string, string>>,
  only?: readonly string[],
) {
  const known = new Map<Persona, string>();
  for (const [name, token] of Object.entries(tokens)) {
    const persona = personaOfToken({ name, token });
    assert.ok(persona);
    known.set(persona, token);
  }
  const personas = [...known.keys(), withoutToken];
  const endpoint = await runningServer({ url, schema: source.schema, personas, tokens: known, runsMutations: false });
  const judge = createJudge(source.rules, false, Date.now);
  try {
    return await runAttack({
      source,
      endpoint,
      judge,
      personas: givenPersonas(judge, personas),
      examples: {},
      seed: 1,
      only,
    });
  } finally {
    await endpoint.close?.();
  }
}

it('an error without a text hides no value that came with it', () => {
  const answer = joined();
  answer.add({ data: { secret: 'x' }, errors: [{ message: { toString: 1, valueOf: 1 } }, {}, { message: 'told' }] });
  assert.deepEqual(answer.reply(), {
    data: { secret: 'x' },
    errors: ['an error without a message', 'an error without a message', 'told'],
    ran: null,
  });
});

describe('an attack on a running server, by each transport that the server has', () => {
  const source = sourceOfSdl('weak.graphql', [{ name: 'weak.graphql', text: weakSdl }]);
  const issuer = testIssuer();
  const tokens = { all: issuer.token({ scopes: 'secrets:read' }), near: issuer.token({ scopes: 'secrets:write' }) };
  let weak: ReadonlySet<WeakTransport> = new Set();
  let server: Awaited<ReturnType<typeof startWeakServer>>;
  before(async () => {
    server = await startWeakServer(() => weak);
  });
  after(() => server.close());

  it('finds nothing where every transport has the guard, and reaches the elements by each of them', async () => {
    weak = new Set();
    const { waysIn, tried, transports } = await attackServer(server.url, source, tokens);
    assert.deepEqual(waysIn, []);
    assert.deepEqual([...tried], ['Query.secret', 'Subscription.ticks']);
    assert.deepEqual(transports.map(({ name }) => name).toSorted(), weakTransports.toSorted());
    for (const { name, reached } of transports) assert.ok(reached > 0, name);
    assert.deepEqual(server.used, new Set(weakTransports));
  });

  for (const transport of weakTransports) {
    it(`finds a guard that is missing ${transport}`, async () => {
      weak = new Set([transport]);
      const { waysIn } = await attackServer(server.url, source, tokens, ['Query.secret']);
      assert.ok(waysIn.length > 0);
      assert.deepEqual([...new Set(waysIn.map((one) => one.transport))], [transport]);
    });
  }
});

describe("an attack on this project's own server", () => {
  const config = {
    scopes: { 'orders:read': { description: 'See orders' }, 'totals:read': { description: 'See totals' } },
    modules: [
      {
        name: 'orders',
        typeDefs: `
          extend type Query { orders(since: String @auth(scope: "totals:read")): [Order!] @auth(scope: "orders:read") }
          extend type Subscription { paid: Order @auth(scope: "orders:read") }
          type Order { item: String  total: Int @auth(scope: "totals:read") }
        `,
        resolvers: {
          Query: { orders: () => [{ item: 'Lamp', total: 5 }] },
          Subscription: {
            paid: {
              subscribe: async function* () {
                yield { paid: { item: 'Lamp', total: 5 } };
              },
            },
          },
        },
      },
    ],
  };
  let server: Awaited<ReturnType<typeof startTestServer<never, 'shop'>>>;
  before(async () => {
    server = await startTestServer({
      config,
      applications: { shop: { scopes: ['orders:read', 'totals:read'] } },
      environment: { CLAIMGATE_METRICS_TOKEN: 'the token of the metrics in this test' },
    });
  });
  after(() => server.close());

  it('finds nothing by POST, GET, event stream, WebSocket and the lane, and reaches its elements by each of them', async () => {
    const source = sourceOfGuarded('own', await schemaOf(config));
    const caller = { account: server.administrator.email, application: 'shop' };
    const tokens = {
      all: await server.token({ ...caller, scopes: 'orders:read totals:read' }),
      orders: await server.token({ ...caller, scopes: 'orders:read' }),
      totals: await server.token({ ...caller, scopes: 'totals:read' }),
    };
    const own = ['Query.orders', 'Query.orders(since:)', 'Order.total', 'Subscription.paid'];
    const { waysIn, tried, transports } = await attackServer(`${server.url}/graphql`, source, tokens, own);
    assert.deepEqual(waysIn, []);
    assert.deepEqual([...tried].toSorted(), own.toSorted());
    assert.deepEqual(
      transports.map(({ name }) => name),
      ['over HTTP', 'by GET', 'as server-sent events', 'over WebSocket'],
    );
    for (const { name, reached } of transports) assert.ok(reached > 0, name);
    const metrics = await fetch(`${server.url}/metrics`, {
      headers: { authorization: 'Bearer the token of the metrics in this test' },
    });
    const [, answered = '0'] = /lane_requests[^\n]*answered[^\n]* (\d+)/.exec(await metrics.text()) ?? [];
    assert.ok(Number(answered) > 10, `the lane answered ${answered}`);
  });
});

describe('an answer in several parts', () => {
  const whole = (...payloads: readonly unknown[]) => {
    const answer = joined();
    for (const payload of payloads) answer.add(payload);
    return JSON.parse(JSON.stringify(answer.reply()));
  };

  it('is joined in the form of 2022', () => {
    assert.deepEqual(
      whole(
        { data: { a: { b: 1 }, list: [] }, hasNext: true },
        { incremental: [{ path: ['a'], data: { c: 2 } }], hasNext: true },
        { incremental: [{ path: ['list', 0], items: [3] }], hasNext: false },
      ),
      { data: { a: { b: 1, c: 2 }, list: [3] }, errors: [], ran: null },
    );
  });

  it('is joined in the form of 2023, and in the one of a part as a payload', () => {
    assert.deepEqual(
      whole(
        { data: { a: {} }, pending: [{ id: '0', path: ['a'] }], hasNext: true },
        { incremental: [{ id: '0', subPath: [], data: { b: 1 } }], hasNext: true },
        { path: ['a'], data: { c: 2 }, errors: [{ message: 'd' }], hasNext: false },
      ),
      { data: { a: { b: 1, c: 2 } }, errors: ['d'], ran: null },
    );
  });

  it('is no answer if no part is one', () => {
    assert.equal(whole({ message: 'Not found' }, null, 5), null);
  });
});
