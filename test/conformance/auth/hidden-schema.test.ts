import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { hidesSchema } from '../../../src/api/operation/rules/introspection.ts';
import { typeNamesOf, defaultNames } from '../../../src/auth/directive-names.ts';
import { ClaimgateError } from '../../../src/errors.ts';
import type { Caller } from '../../support/callers.ts';
import { guardOne } from '../../support/rules.ts';
import { type Asked, listening, type Told, transportsOf } from '../../support/transports.ts';
import { mountTable } from './mount.ts';

// No English message contains any of these names.
const typeDefs = `
  type Query {
    zfree: ZThing @public
    zguarded(zowner: ID): Int @auth(scope: "s:one")
    zowned(zowner: ID): Int @auth(owner: "$zowner")
    zasked: Int @auth(policy: "never")
    zthings(zmust: Int!, zfilter: ZFilter, zkind: ZKind, zone: ZOne, zfirst: Int! = 3): [ZThing] @public
    zunion: ZUnion @public
    znode: ZNode @public
    zbroken: ZThing! @public
    zlist: [Int] @public
    zkindly: ZKind @public
    zbad(zinput: ZFilter): Int @public
  }
  type Mutation {
    zwrite(zfilter: ZFilter): ZPayload @auth
    zsign(zowner: ID): ZPayload @auth(owner: "$zowner")
  }
  type Subscription { zticks: ZThing @auth(scope: "s:two") }
  type ZPayload { zthing: ZThing zsecret: Int @auth(scope: "s:three") }
  interface ZNode { zid: ID zpart: ZPart }
  type ZThing implements ZNode { zid: ID! zpart: ZPart zname: String zsecret: Int @auth(scope: "s:four") zmine: Int @auth(owner: "zid") }
  type ZPart implements ZNode @auth(scope: "s:five") { zid: ID zpart: ZPart }
  union ZUnion = ZThing | ZPart
  input ZFilter { zmust: Int! zdeep: ZFilter zkind: ZKind zlist: [Int!] zlocked: Int @auth(scope: "s:six") }
  input ZOne @oneOf { zleft: Int zright: Int }
  enum ZKind { ZRED ZBLUE }
`;

const thing = { __typename: 'ZThing', zid: 'bob', zname: 'n', zsecret: 1, zmine: 1 };
const make = (introspection: 'authenticated' | 'off') =>
  guardOne(typeDefs, {
    resolvers: {
      Query: {
        zfree: () => thing,
        zthings: () => [thing],
        zunion: () => ({ __typename: 'ZPart' }),
        znode: () => ({ zid: 1 }), // an object of no type
        zbroken: () => null,
        zlist: () => 7,
        zkindly: () => 'ZGREEN',
        zbad() {
          throw new ClaimgateError('BAD_USER_INPUT', 'zinput.zlist: expected a ZFilter.', {
            evidence: { coordinate: 'Query.zbad' },
          });
        },
      },
      Mutation: { zwrite: () => ({ zthing: thing }) },
      Subscription: { zticks: { subscribe: () => [] } },
    },
    policies: { never: (requests) => requests.map(() => false) },
    hidesSchema: (principal) => hidesSchema(introspection, principal),
  });

/** Returns every name of a schema except the names of GraphQL's own types. */
function namesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    // The type names of the directives occur in every message.
    if (type.name.startsWith('__') || typeNamesOf(defaultNames).has(type.name)) continue;
    names.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) names.add(name);
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) names.add(name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, args } of Object.values(type.getFields())) {
      names.add(name);
      for (const argument of args) names.add(argument.name);
    }
  }
  return names;
}

const filter = 'query ($f: ZFilter) { zthings(zmust: 1, zfilter: $f) { zid } }';
const rows: readonly (readonly [query: string, variables?: Record<string, unknown>])[] = [
  // Wrong syntax and wrong names.
  ['{ zfree { zid }'],
  ['{ zfre { zid } }'],
  ['{ zfree { zi } }'],
  ['{ zfree }'],
  ['{ zfree { } }'],
  ['{ zfree { zid { x } } }'],
  ['{ zfree { zpart { x } } }'],
  ['{ zfree { ... on ZThin { zid } } }'],
  ['{ zfree { ... on ZKind { zid } } }'],
  ['{ zfree { ... on ZUnion { zid } } }'],
  ['{ zfree { ... on ZPart { zid } } }'],
  ['{ zfree { ...F } } fragment F on ZPart { zid }'],
  ['{ zfree { ...F } } fragment F on ZKind { zid }'],
  ['{ zfree { ...G } }'],
  ['{ zfree { ...F } } fragment F on ZThing { ...F }'],
  ['{ zfree { zid } } fragment F on ZThing { zid }'],
  ['{ zfree { a: zid a: zname } }'],
  ['{ zfree { a: zid a: zpart { zid } } }'],
  ['{ zfree { zid @zdir } }'],
  ['{ zfree { zid @include } }'],
  ['{ zfree { zid @skip(if: 7) } }'],
  ['{ zfree { zid @include(iff: true) } }'],
  ['{ zfree { zid @deprecated } }'],
  // Wrong literal arguments.
  ['{ zthings { zid } }'],
  ['{ zthings(zmus: 1) { zid } }'],
  ['{ zthings(zmust: null) { zid } }'],
  ['{ zthings(zmust: "x") { zid } }'],
  ['{ zthings(zmust: 99999999999) { zid } }'],
  ['{ zthings(zmust: 1, zkind: ZGREEN) { zid } }'],
  ['{ zthings(zmust: 1, zkind: 7) { zid } }'],
  ['{ zthings(zmust: 1, zfilter: 7) { zid } }'],
  ['{ zthings(zmust: 1, zfilter: {}) { zid } }'],
  ['{ zthings(zmust: 1, zfilter: { zmus: 1 }) { zid } }'],
  ['{ zthings(zmust: 1, zfilter: { zdeep: { zlist: [null] } }) { zid } }'],
  ['{ zthings(zmust: 1, zone: {}) { zid } }'],
  ['{ zthings(zmust: 1, zone: { zleft: 1, zright: 2 }) { zid } }'],
  ['query ($n: Int) { zthings(zmust: 1, zone: { zleft: $n }) { zid } }', { n: 1 }],
  // Variables.
  ['query ($n: Int) { zthings(zmust: $n) { zid } }', { n: 1 }],
  ['query ($n: Strin) { zthings(zmust: $n) { zid } }', { n: 1 }],
  ['query ($n: ZThing) { zthings(zmust: $n) { zid } }', { n: 1 }],
  ['query ($n: Int = 1) { zthings(zmust: $n) { zid } }', { n: null }],
  ['query ($n: Int!) { zthings(zmust: $n) { zid } }'],
  ['query ($n: Int!) { zthings(zmust: 1) { zid } }', { n: 1 }],
  ['{ zthings(zmust: $n) { zid } }'],
  [filter, { f: 7 }],
  [filter, { f: {} }],
  [filter, { f: { zmust: 'x' } }],
  [filter, { f: { zmus: 1, zmust: 1 } }],
  [filter, { f: { zmust: 1, zkind: 'ZGREE' } }],
  [filter, { f: { zmust: 1, zdeep: {} } }],
  [filter, { f: { zmust: 1, zlist: [1, null] } }],
  ['query ($o: ZOne) { zthings(zmust: 1, zone: $o) { zid } }', { o: {} }],
  ['query ($k: ZKind) { zthings(zmust: 1, zkind: $k) { zid } }', { k: 'ZRE' }],
  ['query ($k: ZKind) { zthings(zmust: 1, zkind: $k) { zid } }', { k: 7 }],
  // Denials.
  ['{ zguarded }'],
  ['{ a: zguarded zfree { zid } }'],
  ['{ zowned(zowner: "bob") }'],
  ['{ zasked }'],
  ['{ zfree { zid zsecret zmine } }'],
  ['{ zfree { ... on ZNode { zid zpart { zid } } } }'],
  ['{ zunion { ... on ZPart { zid } } }'],
  ['{ zthings(zmust: 1, zfilter: { zmust: 1, zlocked: 1 }) { zid } }'],
  [filter, { f: { zmust: 1, zlocked: 1 } }],
  ['mutation { zwrite { zthing { zsecret } zsecret } }'],
  ['mutation { w: zwrite { ...P } } fragment P on ZPayload { x: zsecret }'],
  ['mutation { zsign(zowner: "bob") { zsecret } }'],
  ['mutation ($f: ZFilter) { zwrite(zfilter: $f) { zthing { zid } } }', { f: { zmust: 1, zdeep: 7 } }],
  ['subscription { zticks { zid } }'],
  // Errors of resolvers, of Claimgate and of graphql-js.
  ['{ znode { zid } }'],
  ['{ zbroken { zid } }'],
  ['{ zlist }'],
  ['{ zkindly }'],
  ['{ zbad }'],
  // Introspection and operations.
  ['{ __schema { types { name } } }'],
  ['{ __type(name: "ZThing") { name } }'],
  ['query A { zfree { zid } } query B { zfree { zid } }'],
  ['{ zfree { zid } } query B { zfree { zid } }'],
  ['type X { y: Int }'],
];

const modes = ['off', 'authenticated'] as const;

for (const mode of modes) {
  describe(`E-13 with introspection ${mode}, errors name only what the document contains`, () => {
    const guarded = make(mode);
    const names = namesOf(guarded.schema);
    let app: FastifyInstance;
    let transports: Readonly<Record<string, (asked: Asked) => Promise<Told>>>;
    before(async () => {
      app = await mountTable(guarded, mode);
      transports = transportsOf(await listening(app));
    });
    after(() => app.close());
    const callers: readonly Caller[] = mode === 'off' ? [null, {}] : [null];

    // If some callers may introspect, other tests cover introspection queries.
    const asked = mode === 'off' ? rows : rows.filter(([query]) => !query.includes('__'));
    for (const [query, variables] of asked) {
      it(`E-13 ${mode}: ${query} ${JSON.stringify(variables ?? {})}`, async () => {
        const held = new Set(query.match(/\w+/g) ?? []);
        for (const caller of callers) {
          for (const [transport, ask] of Object.entries(transports)) {
            if (transport === 'GET' && !/^(\{|query)/.test(query)) continue;
            const { errors, data } = await ask({ query, caller, ...(variables && { variables }) });
            assert.ok(errors?.length, `${transport}: ${JSON.stringify(data)}`);
            const told = (JSON.stringify(errors).match(/\w+/g) ?? []).filter(
              (word) => names.has(word) && !held.has(word),
            );
            assert.deepEqual(told, [], `${transport}: ${JSON.stringify(errors)}`);
          }
          const headers = { 'content-type': 'application/json', authorization: JSON.stringify(caller) };
          const payload = JSON.stringify({ query, variables });
          const answer = await app.inject({ method: 'POST', url: '/graphql', headers, payload });
          const challenge = String(answer.headers['www-authenticate'] ?? '').match(/\w+/g) ?? [];
          assert.deepEqual(
            challenge.filter((word) => names.has(word) && !held.has(word)),
            [],
          );
        }
      });
    }

    it(`E-13 ${mode}: denials have the path of the selection`, async () => {
      const ask = async (query: string, caller: Caller = null) =>
        (await transports['POST']?.({ query, caller }))?.errors;
      assert.deepEqual((await ask('{ a: zguarded }'))?.[0]?.extensions, {
        code: 'UNAUTHENTICATED',
        selection: ['a'],
        requiredScopes: ['s:one'],
      });
      assert.match((await ask('{ a: zguarded }'))?.[0]?.message ?? '', /^a needs an access token/);
      const [error] = (await ask('mutation { w: zwrite { zthing { zid } } s: zsign { zsecret } }')) ?? [];
      assert.deepEqual(error?.extensions['denials'], [
        { selection: ['w'], requiredScopes: [] },
        { selection: ['s'], requiredScopes: [] },
      ]);
      const [inside] = (await ask('{ zfree { zid s: zsecret } }')) ?? [];
      assert.deepEqual(inside?.extensions['selection'], ['zfree', 's']);
      assert.equal(inside?.extensions['coordinate'], undefined);
    });

    if (mode === 'off') {
      it('E-13 off: a denial deep in a mutation has its path, over every transport', async () => {
        for (const [transport, ask] of Object.entries(transports)) {
          if (transport === 'GET') continue;
          const { errors } = await ask({ query: 'mutation { w: zwrite { x: zsecret } }', caller: {} });
          assert.deepEqual(errors?.[0]?.extensions['selection'], ['w', 'x'], transport);
          assert.match(errors?.[0]?.message ?? '', /^w\.x needs the scope "s:three"/);
        }
      });
    }

    it(`E-13 ${mode}: a caller who may read the schema gets coordinates`, async () => {
      const errors = (await transports['POST']?.({ query: '{ zguarded }', caller: {} }))?.errors;
      assert.equal(errors?.[0]?.extensions['coordinate'], mode === 'off' ? undefined : 'Query.zguarded');
    });
  });
}
