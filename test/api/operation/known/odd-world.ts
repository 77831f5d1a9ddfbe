import { GraphQLError, GraphQLScalarType } from 'graphql';
import type { GuardedSchema } from '../../../../src/auth/guarded-schema.ts';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import { ClaimgateError } from '../../../../src/errors.ts';
import { anonymous, makePrincipal, type Principal } from '../../../../src/principal.ts';
import { holder } from '../../../support/modules.ts';

/** A schema whose resolvers return and throw what Apollo Server handles in its own way. */
const typeDefs = `
  type Query {
    me: Person @auth(scope: "profile")
    people(count: Int = 3): [Person!]! @public
    salary: Int @auth(scope: "salaries")
    fresh: Int @auth(scope: "profile", maxAge: 60)
    hello(name: String): String @public
    strict: String! @public
    foreign: Int @public
    coded: Int @public
    outage: Int @public
    otherOutage: Int @public
    teapot: Int @public
    media: Int @public
    notHead: Int @public
    variable(x: Int): Int @public
    bigint: Int @public
    unwritable: Odd @public
    dated: Odd @public
    throwing: Odd @public
    late(ms: Int!): Int @public
    filtered(filter: Filter): String @public
    plain: Person @public
    unknownValue: Int @public
    list(first: Int): [Person!]! @public
    even(n: Int!): Int @auth(policy: "even")
    mine(account: ID!): Int @auth(owner: "$account")
    watched: Int @auth @auth(scope: "watch", mode: SHADOW)
    parts: [Part!]! @public
  }
  type Mutation { change: Int @public }
  type Person { name: String! email: String @auth(scope: "email") boss: Person! @auth(scope: "staff") }
  type Part { n: Int! even: Int @auth(policy: "even") shadow: Int @auth(scope: "watch", mode: SHADOW) must: Int! @auth(scope: "must") }
  input Filter { text: String deep: Filter secret: String @auth(scope: "secrets") }
  scalar Odd
`;

const resolvers = (reports: unknown[]) => {
  const person = { name: 'Grace', email: 'grace@example.com', boss: { name: 'Ada' } };
  const fail = (error: unknown) => () => {
    throw error;
  };
  return {
    Odd: new GraphQLScalarType({ name: 'Odd', serialize: (value) => value }),
    Query: {
      me: () => {
        reports.push('me ran');
        return person;
      },
      people: (_: unknown, { count }: { count: number }) => Array.from({ length: count }, () => person),
      salary: () => 5,
      fresh: () => 6,
      hello: (_: unknown, { name }: { name?: string }) => `hello "${name ?? 'you'}" \u2028 \ud800`,
      strict: () => null,
      foreign: fail(new Error('a secret of the server')),
      coded: fail(new GraphQLError('sold out', { extensions: { code: 'SOLD_OUT', left: 0, stacktrace: ['no'] } })),
      outage: fail(new ClaimgateError('DATABASE_UNAVAILABLE', 'The database is unavailable.')),
      otherOutage: async () => Promise.reject(new ClaimgateError('DATABASE_UNAVAILABLE', 'It is unavailable.')),
      teapot: fail(
        new GraphQLError('short', {
          extensions: { http: { status: 418, headers: new Map([['X-Pot', 'tea']]) }, code: 'TEAPOT' },
        }),
      ),
      media: fail(
        new GraphQLError('media', { extensions: { http: { headers: new Map([['content-type', 'text/plain']]) } } }),
      ),
      notHead: fail(new GraphQLError('no head', { extensions: { http: { status: 'odd' }, code: 'ODD' } })),
      variable: (_: unknown, __: unknown, ___: unknown, info: any) => {
        const nodes = [info.operation.variableDefinitions[0]];
        throw new GraphQLError('Variable "$x" got invalid value 7; it is odd', { nodes });
      },
      bigint: fail(new GraphQLError('big', { extensions: { code: 'BIG', size: 10n } })),
      unwritable: () => ({ size: 10n }),
      dated: () => new Date(0),
      throwing: () => ({
        toJSON() {
          throw new GraphQLError('odd', { extensions: { http: { status: 409 } } });
        },
      }),
      late: async (_: unknown, { ms }: { ms: number }) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return ms;
      },
      filtered: (_: unknown, { filter }: { filter?: { text?: string } }) => filter?.text ?? 'none',
      plain: () => person,
      even: () => 2,
      mine: () => 3,
      watched: () => 4,
      parts: () => Array.from({ length: 5 }, (_, n) => ({ n, even: n, shadow: n, must: n })),
      unknownValue: () => 'no number',
      list: (_: unknown, { first }: { first?: number }) => Array.from({ length: first ?? 2 }, () => person),
    },
    Mutation: { change: () => 1 },
  };
};

/** The time of the schema, in milliseconds since the epoch. A test can change it. */
export const clock: { now: number } = { now: 1_800_000_000_000 };

/**
 * Makes the schema.
 *
 * @param reports - gets each denial
 * @param hidden - whether the schema is hidden from anonymous callers
 */
export function oddSchema(reports: unknown[], hidden = false): GuardedSchema {
  return createGuardedSchema({
    modules: [{ name: 'odd', typeDefs, resolvers: resolvers(reports) }],
    clock: () => clock.now,
    policies: {
      even: (requests: readonly { args: Record<string, unknown>; parent: unknown }[]) =>
        requests.map(({ args, parent }) => Number(args['n'] ?? (parent as { n?: number }).n ?? 1) % 2 === 0),
    },
    onDenial: ({ mode, coordinate, code }) => void reports.push({ mode, coordinate, code }),
    ...(hidden && { hidesSchema: (principal: Principal) => principal.kind === 'anonymous' }),
  });
}

/** Callers: without a token, with scopes, and with a token that is bound to a key. */
export const callers: Readonly<Record<string, Principal>> = {
  anonymous,
  poor: holder(),
  profile: holder('profile', 'email'),
  staff: holder('profile', 'email', 'staff', 'salaries', 'secrets'),
  bound: makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: 'alice',
    clientId: 'web',
    accountId: 'alice',
    scopes: new Set(['profile']),
    expiresAt: 4_102_444_800,
    claims: { cnf: { jkt: 'x' }, auth_time: 1_800_000_000 - 30 },
  }),
};

const deepFilter = (depth: number): object => (depth === 0 ? {} : { deep: deepFilter(depth - 1) });

/** The queries, each with variables. All of them are answered without Apollo Server if their document is known. */
export const oddQueries: readonly (readonly [
  query: string,
  variables?: Record<string, unknown>,
  operationName?: string,
])[] = [
  ['{ hello }'],
  ['{ __typename }'],
  ['{ me { name email } }'],
  ['{ me { name boss { name } } hello }'],
  ['{ people { name email } }'],
  ['{ people { boss { name } } hello }'],
  ['{ salary me { name } }'],
  ['{ salary }'],
  ['{ fresh hello }'],
  ['{ fresh }'],
  ['{ strict hello }'],
  ['{ foreign hello }'],
  ['{ foreign a: foreign b: coded }'],
  ['{ coded }'],
  ['{ outage }'],
  ['{ outage otherOutage me { name } }'],
  ['{ outage hello }'],
  ['{ outage strict }'],
  ['{ teapot hello }'],
  ['{ teapot outage }'],
  ['{ media }'],
  ['{ notHead }'],
  ['{ bigint hello }'],
  ['{ dated hello }'],
  ['{ unknownValue hello }'],
  ['{ late(ms: 5) b: late(ms: 1) hello }'],
  ['{ late(ms: 2) foreign strict }'],
  ['query ($x: Int) { variable(x: $x) }', { x: 1 }],
  ['query ($name: String) { hello(name: $name) }', { name: '<"\u0000é😀>' }],
  ['query ($name: String = "one") { hello(name: $name) }', {}],
  ['query A { hello } query B { me { name } }', {}, 'B'],
  ['query A { hello } query B { me { name } }', {}, 'A'],
  ['query ($f: Filter) { filtered(filter: $f) }', { f: { text: 'a' } }],
  ['query ($f: Filter) { filtered(filter: $f) hello }', { f: { secret: 'a' } }],
  ['query ($f: Filter) { filtered(filter: $f) }', { f: { secret: 'a' } }],
  ['query ($f: Filter) { filtered(filter: $f) }', { f: deepFilter(70) }],
  ['query ($n: Int) { list(first: $n) { name email } }', { n: 3 }],
  ['query ($n: Int) { list(first: $n) { name email } }', { n: 900_000 }],
  ['query ($n: Int) { list(first: $n) { name email } }', {}],
  ['query ($yes: Boolean!) { me @include(if: $yes) { name } hello @skip(if: $yes) }', { yes: true }],
  ['query ($yes: Boolean!) { me @include(if: $yes) { name } hello @skip(if: $yes) }', { yes: false }],
  ['query ($yes: Boolean!) { salary @include(if: $yes) }', { yes: false }],
  ['{ a: even(n: 1) b: even(n: 2) c: even(n: 3) hello }'],
  ['query ($id: ID!) { mine(account: $id) hello }', { id: 'alice' }],
  ['query ($id: ID!) { mine(account: $id) hello }', { id: 'bob' }],
  ['query ($id: ID!) { mine(account: $id) }', { id: 'bob' }],
  ['{ watched }'],
  ['{ parts { n even shadow } watched }'],
  ['{ parts { n must } hello }'],
  ['{ hello parts { must even } people { boss { name } } }'],
  ['{ __schema { queryType { name } } }'],
  ['{ __type(name: "Person") { fields { name } } hello }'],
];
