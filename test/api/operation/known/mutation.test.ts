import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLError, GraphQLScalarType, parse } from 'graphql';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import { ClaimgateError } from '../../../../src/errors.ts';
import { anonymous } from '../../../../src/principal.ts';
import { bothPaths, type KnownRequest } from '../../../support/known.ts';
import { holder } from '../../../support/modules.ts';

const typeDefs = `
  type Query { hello: String @public }
  type Mutation {
    set(n: Int!, ms: Int = 0): Int @public
    filter(filter: Filter): Int @public
    foreign: Int @public
    coded: Int @public
    strict: Int! @public
    outage: Int @public
    teapot: Int @public
    guarded: Int @auth(scope: "profile")
    even(n: Int!): Int @auth(policy: "even")
    person: Person @public
    odd(kind: String): Odd @public
  }
  type Person { name: String email: String @auth(scope: "email") }
  input Filter { n: Int secret: Int @auth(scope: "secrets") }
  scalar Odd
`;

/** @param reports - gets each run of a resolver, and each denial */
function schemaWith(reports: unknown[]) {
  const ran = (name: string) => void reports.push(`${name} ran`);
  const fail = (error: unknown) => () => {
    ran('failing');
    throw error;
  };
  const resolvers = {
    Odd: new GraphQLScalarType({ name: 'Odd', serialize: (value) => value }),
    Mutation: {
      async set(_: unknown, { n, ms }: { n: number; ms: number }) {
        ran(`set ${n}`);
        await sleep(ms);
        ran(`set ${n} has`);
        return n;
      },
      filter: () => ran('filter'),
      foreign: fail(new Error('a secret of the server')),
      coded: fail(new GraphQLError('sold out', { extensions: { code: 'SOLD_OUT' } })),
      strict: () => ran('strict'),
      outage: fail(new ClaimgateError('DATABASE_UNAVAILABLE', 'The database is unavailable.')),
      teapot: fail(new GraphQLError('short', { extensions: { http: { status: 418 }, code: 'TEAPOT' } })),
      guarded: () => (ran('guarded'), 1),
      even: () => (ran('even'), 2),
      person: async () => (ran('person'), { name: 'Grace', email: 'grace@example.com' }),
      odd: (_: unknown, { kind }: { kind?: string }) => (
        ran('odd'), kind === 'bigint' ? { size: 10n } : { toJSON() {} }
      ),
    },
  };
  return createGuardedSchema({
    modules: [{ name: 'mutations', typeDefs, resolvers }],
    policies: {
      even: (requests: readonly { args: Record<string, unknown> }[]) =>
        requests.map(({ args }) => Number(args['n']) % 2 === 0),
    },
    onDenial: ({ mode, coordinate, code }) => void reports.push({ mode, coordinate, code }),
  });
}

const callers = { anonymous, profile: holder('profile', 'email'), secrets: holder('secrets') };

const mutations: readonly (readonly [query: string, variables?: Record<string, unknown>, operationName?: string])[] = [
  ['mutation { set(n: 1) }'],
  ['mutation ($n: Int!) { set(n: $n) }', { n: 4 }],
  ['mutation { a: set(n: 1, ms: 20) b: set(n: 2, ms: 5) c: set(n: 3) }'],
  ['mutation { a: set(n: 1, ms: 5) foreign b: set(n: 2) }'],
  ['mutation { a: set(n: 1) strict b: set(n: 2) }'],
  ['mutation { a: set(n: 1) ...F } fragment F on Mutation { b: set(n: 2) coded }'],
  ['mutation ($yes: Boolean!) { a: set(n: 1) @skip(if: $yes) b: set(n: 2) }', { yes: true }],
  ['mutation ($yes: Boolean!) { a: set(n: 1) @skip(if: $yes) b: set(n: 2) }', { yes: false }],
  ['mutation { coded }'],
  ['mutation { foreign }'],
  ['mutation { strict }'],
  ['mutation { outage }'],
  ['mutation { outage set(n: 1) }'],
  ['mutation { teapot }'],
  ['mutation { set(n: 1) guarded }'],
  ['mutation { guarded }'],
  ['mutation { a: even(n: 1) b: even(n: 2) }'],
  ['mutation ($n: Int!) { even(n: $n) }', { n: 3 }],
  ['mutation { person { name email } }'],
  ['mutation { person { name } set(n: 1) }'],
  ['mutation ($f: Filter) { filter(filter: $f) }', { f: { n: 1 } }],
  ['mutation ($f: Filter) { set(n: 1) filter(filter: $f) }', { f: { secret: 1 } }],
  ['mutation { __typename }'],
  ['query A { hello } mutation B { set(n: 5) }', {}, 'B'],
  ['mutation { toJSON: set(n: 1) }'],
];

describe('a known mutation', () => {
  it('has the same status, headers, body, reports and runs of resolvers as with Apollo Server', async () => {
    const reports: unknown[] = [];
    const both = await bothPaths({ guarded: schemaWith(reports), reports });
    for (const [caller, principal] of Object.entries(callers)) {
      for (const [query, variables, operationName] of mutations) {
        for (const type of ['application/json', 'application/graphql-response+json'] as const) {
          const request: KnownRequest = { query, variables, operationName, type, context: () => ({ principal }) };
          const expected = await both.byApollo(request);
          both.known.remember(query, parse(query)); // Apollo Server does not execute a refused mutation.
          assert.deepEqual(await both.byKnown(request), expected, `${caller}: ${query}`);
        }
      }
    }
  });

  it('runs its root fields one after another, one time', async () => {
    const reports: unknown[] = [];
    const both = await bothPaths({ guarded: schemaWith(reports), reports });
    const query = 'mutation { a: set(n: 1, ms: 20) b: set(n: 2, ms: 5) c: set(n: 3) }';
    await both.byApollo({ query, context: () => ({ principal: anonymous }) });
    const answer = await both.byKnown({ query, context: () => ({ principal: anonymous }) });
    assert.ok(typeof answer !== 'string');
    const runs = [1, 2, 3].flatMap((n) => [`set ${n} ran`, `set ${n} has ran`]);
    assert.deepEqual(answer.reports, [...runs, { type: 'mutation', outcome: 'ok' }]);
    assert.equal(answer.body, '{"data":{"a":1,"b":2,"c":3}}\n');
  });

  for (const variables of [{}, { n: 'many' }, { n: null }, { n: 2 ** 40 }]) {
    it(`with wrong variables is left to Apollo Server before a resolver runs: ${JSON.stringify(variables)}`, async () => {
      const reports: unknown[] = [];
      const both = await bothPaths({ guarded: schemaWith(reports), reports });
      const query = 'mutation ($n: Int!) { a: set(n: 1) b: set(n: $n) }';
      both.known.remember(query, parse(query));
      const reason = await both.byKnown({ query, variables, context: () => ({ principal: anonymous }) });
      assert.equal(reason, 'variables');
      assert.deepEqual(reports, []);
    });
  }

  for (const kind of ['bigint', 'nothing']) {
    it(`whose data cannot be written as JSON is answered and not run again: ${kind}`, async () => {
      const reports: unknown[] = [];
      const both = await bothPaths({ guarded: schemaWith(reports), reports });
      const query = `mutation { odd(kind: "${kind}") set(n: 1) }`;
      const request = { query, context: () => ({ principal: anonymous }) };
      const { status, headers, body } = await both.byApollo(request);
      const answer = await both.byKnown(request);
      assert.ok(typeof answer !== 'string');
      assert.deepEqual([answer.status, answer.headers, answer.body], [status, headers, body]);
      assert.equal(answer.reports.filter((report) => report === 'odd ran').length, 1);
    });
  }
});
