import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLError, graphql } from 'graphql';
import { createGuardedSchema } from '../../src/index.ts';
import { as, ask, denied, testClock, testIssuer } from '../../src/testing.ts';

const clock = testClock();
const issuer = testIssuer({ clock });
const runs: string[] = [];
const guarded = createGuardedSchema({
  clock,
  policies: { never: (requests) => requests.map(() => false) },
  modules: [
    {
      name: 'shop',
      typeDefs: `
        type Query {
          hello: String @public
          orders: [Order!]! @auth(scope: "orders:read")
          old: Int @auth(maxAge: 60)
          fails: Int @public
          tenant: String @auth(claims: [{claim: "tenant", oneOf: ["acme"]}])
          closed: Int @auth(policy: "never")
          of(userId: ID): Int @auth(owner: "$userId")
          who(named: String): String @public
        }
        type Mutation { touch: Int @public  wipe: Int @auth(scope: "admin") }
        type Subscription { ticks: Int @auth(scope: "ticks") }
        type Order { item: String!  customer: String @auth(scope: ["customers:read", "admin"]) }
      `,
      resolvers: {
        Query: {
          hello: () => 'hello',
          orders: () => [
            { item: 'Lamp', customer: 'Grace' },
            { item: 'Desk', customer: 'Alan' },
          ],
          fails: () => {
            throw new GraphQLError('broken');
          },
          who: (_source: unknown, { named }: { named?: string }, { people }: { people: string[] }) =>
            `${named} of ${people.join()}`,
        },
        Mutation: { touch: () => runs.push('touch'), wipe: () => runs.push('wipe') },
        Subscription: {
          ticks: {
            async *subscribe() {
              try {
                yield { ticks: 1 };
                yield { ticks: 2 };
              } finally {
                runs.push('ended');
              }
            },
          },
        },
      },
    },
  ],
});

describe('ask', () => {
  it('runs the real resolvers with the variables, the context and the caller', async () => {
    const answer = await ask(guarded, 'query ($n: String) { who(named: $n) }', { n: 'Grace' }, as(), { people: ['a'] });
    assert.deepEqual(answer, { data: { who: 'Grace of a' }, errors: [] });
  });

  it('answers a refused operation without data, and runs nothing of it', async () => {
    runs.length = 0;
    const { data, errors } = await ask(guarded, 'mutation { touch wipe }', {}, as());
    assert.equal(data, undefined);
    assert.deepEqual(runs, []);
    assert.equal(errors[0]?.extensions['code'], 'FORBIDDEN');
  });

  it('guards an executable schema alone, too', async () => {
    const { data, errors } = await ask(guarded.schema, '{ hello orders { item } }', {}, null);
    assert.equal(data, null);
    assert.deepEqual(
      denied({ data, errors }).map(({ coordinate, path }) => [coordinate, path]),
      [['Query.orders', 'orders']],
    );
  });

  it('answers a subscription with its first event, and ends it', async () => {
    runs.length = 0;
    assert.deepEqual((await ask(guarded, 'subscription { ticks }', {}, as({ scopes: 'ticks' }))).data, { ticks: 1 });
    assert.deepEqual(runs, ['ended']);
    assert.equal(denied(await ask(guarded, 'subscription { ticks }', {}, as()))[0]?.why, 'scope');
  });

  it('refuses a document that no server would run, because the test is wrong', async () => {
    await assert.rejects(
      ask(guarded, '{ orders { itm } }'),
      /ask: expected a document that is valid.*Did you mean "item"/,
    );
    await assert.rejects(ask(guarded, 'query A { hello } query B { hello }'), /a document with one operation/);
    await assert.rejects(ask(guarded, '{'), /Syntax Error/);
  });

  it('refuses a caller that Claimgate did not make', async () => {
    await assert.rejects(ask(guarded, '{ hello }', {}, { ...as() }), TypeError);
  });
});

describe('denied', () => {
  it('lists each denied element, where and why', async () => {
    const document = '{ hello orders { customer } old tenant closed of(userId: "alan") }';
    const caller = issuer.as({ account: 'grace', scopes: 'orders:read', authenticatedAt: new Date('2030-01-01') });
    const { data, errors } = await ask(guarded, document, {}, caller);
    assert.equal(data.hello, 'hello');
    const byPath = denied({ data, errors }).toSorted((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1));
    assert.deepEqual(byPath, [
      { coordinate: 'Query.closed', path: 'closed', why: 'policy', code: 'FORBIDDEN', requiredScopes: [] },
      { coordinate: 'Query.of', path: 'of', why: 'owner', code: 'FORBIDDEN', requiredScopes: [] },
      {
        coordinate: 'Query.old',
        path: 'old',
        why: 'authentication',
        code: 'STEP_UP_REQUIRED',
        requiredScopes: [],
      },
      {
        coordinate: 'Order.customer',
        path: 'orders.0.customer',
        why: 'scope',
        code: 'FORBIDDEN',
        requiredScopes: ['customers:read', 'admin'],
      },
      { coordinate: 'Query.tenant', path: 'tenant', why: 'claims', code: 'FORBIDDEN', requiredScopes: [] },
    ]);
  });

  it('lists each element of a refused operation, without a path', async () => {
    const found = denied(await ask(guarded, '{ orders { item } tenant }'));
    assert.deepEqual(
      found.map(({ coordinate, path, why }) => [coordinate, path, why]),
      [
        ['Query.orders', null, 'token'],
        ['Query.tenant', null, 'token'],
      ],
    );
  });

  it('accepts a result of the executor', async () => {
    const result = await graphql({
      schema: guarded.schema,
      source: '{ hello old }',
      contextValue: { principal: null },
    });
    assert.deepEqual(
      denied(result).map(({ coordinate, why }) => [coordinate, why]),
      [['Query.old', 'token']],
    );
  });

  it('leaves out the errors of resolvers, but throws if nothing ran and nothing was denied', async () => {
    assert.deepEqual(denied(await ask(guarded, '{ hello fails }')), []);
    const wrong = await ask(guarded, 'query ($n: String!) { who(named: $n) }', {});
    assert.throws(() => denied(wrong), /expected an operation that ran or was denied; .*Variable "\$n"/);
    assert.throws(
      () => denied({ errors: [{ message: 'No token', extensions: { code: 'INVALID_TOKEN' } }] }),
      /No token/,
    );
  });
});
