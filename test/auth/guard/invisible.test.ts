import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  defaultTypeResolver,
  executeSync,
  type GraphQLResolveInfo,
  graphql,
  isObjectType,
  parse,
  subscribe,
} from 'graphql';
import type { SchemaModule } from '../../../src/auth/modules/module.ts';
import { ask, denied, guardOne, type Options, person } from '../../support/rules.ts';

type ResolveType = (value: unknown, context: unknown, info: GraphQLResolveInfo, type: never) => unknown;

/** An author's `isTypeOf` may return any value, although the types of graphql-tools allow only booleans. */
const resolversOf = (map: unknown) => map as NonNullable<SchemaModule['resolvers']>;

const types = (rule: string): string =>
  `union U = A | B type A ${rule} { a: Int } type B { b: Int } type Query { u: U @public  list: [U] @public }`;

/** Every legal way to name the type of a value. `isTypeOf` is called if nothing else names it. */
const styles: Readonly<
  Record<string, { readonly resolveType?: ResolveType; readonly isTypeOf?: (value: any) => unknown }>
> = {
  'a name': { resolveType: (value) => (has(value, 'a') ? 'A' : 'B') },
  'a promise of a name': { resolveType: async (value) => (has(value, 'a') ? 'A' : 'B') },
  'a thenable': {
    // oxlint-disable-next-line unicorn/no-thenable -- what an author may give
    resolveType: (value) => ({ then: (go: (name: string) => unknown) => go(has(value, 'a') ? 'A' : 'B') }),
  },
  'a function that has a then': {
    resolveType: (value) =>
      Object.assign(() => {}, {
        // oxlint-disable-next-line unicorn/no-thenable -- what an author may give
        then: (go: (name: string) => unknown) => go(has(value, 'a') ? 'A' : 'B'),
      }),
  },
  'the result of defaultTypeResolver': {
    resolveType: defaultTypeResolver,
    isTypeOf: (value) => has(value, 'a'),
  },
  'a loop over the isTypeOf of all types': {
    resolveType: (value, context, info, type) =>
      info.schema.getPossibleTypes(type).find((one) => one.isTypeOf?.(value, context, info) === true)?.name ?? 'B',
    isTypeOf: (value) => has(value, 'a'),
  },
  'an isTypeOf that is true': { isTypeOf: (value) => has(value, 'a') },
  'an isTypeOf that is truthy': { isTypeOf: (value) => (has(value, 'a') ? 'yes' : 0) },
  'an isTypeOf that is a promise of something truthy': { isTypeOf: async (value) => (has(value, 'a') ? 1 : null) },
};

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value;
}

function makeStyled(rule: string, style: string, options: Options = {}) {
  const { resolveType, isTypeOf } = styles[style] ?? {};
  return guardOne(types(rule), {
    ...options,
    resolvers: resolversOf({
      Query: { u: () => ({ a: 1 }), list: () => [{ b: 2 }, Promise.resolve({ a: 1 }), { a: 3 }] },
      ...(resolveType && { U: { __resolveType: resolveType } }),
      ...(isTypeOf && {
        A: { __isTypeOf: isTypeOf },
        B: { __isTypeOf: (value: unknown) => has(value, 'b') },
      }),
    }),
  });
}

const source = '{ u { __typename ... on A { a } } list { __typename ... on A { a } ... on B { b } } }';
const allowed = {
  u: { __typename: 'A', a: 1 },
  list: [
    { __typename: 'B', b: 2 },
    { __typename: 'A', a: 1 },
    { __typename: 'A', a: 3 },
  ],
};

describe('E-6 how an author names the type of a value', () => {
  for (const style of Object.keys(styles)) {
    for (const [kind, rule] of Object.entries({ static: '@auth(scope: "a")', dynamic: '@auth(policy: "isAdmin")' })) {
      it(`E-6 as ${style}: a ${kind} rule denies and allows`, async () => {
        const policies = {
          isAdmin: async (requests: readonly { principal: { kind: string } }[]) =>
            requests.map(({ principal }) => 'scopes' in principal && (principal.scopes as Set<string>).has('a')),
        };
        const guarded = makeStyled(rule, style, { policies });
        const { data, errors } = await ask(guarded, source, person());
        assert.deepEqual(data, { u: null, list: [{ __typename: 'B', b: 2 }, null, null] });
        assert.deepEqual(errors.map(([code, path]) => `${String(code)} ${path}`).sort(), [
          'FORBIDDEN list.1',
          'FORBIDDEN list.2',
          'FORBIDDEN u',
        ]);
        assert.deepEqual(await ask(guarded, source, person('a')), { data: allowed, errors: [] });
      });
    }

    it(`E-6 as ${style}: a SHADOW rule changes no result`, async () => {
      const open = await ask(makeStyled('', style), source, person());
      assert.deepEqual(open, { data: allowed, errors: [] });
      assert.deepEqual(await ask(makeStyled('@auth(scope: "a", mode: SHADOW)', style), source, person()), open);
    });
  }

  it('E-6 an isTypeOf that returns false has the same effect as in graphql-js', async () => {
    for (const rule of ['', '@auth(scope: "a")', '@auth(policy: "yes")', '@auth(scope: "a", mode: SHADOW)']) {
      const guarded = guardOne(`type Query { a: A @public } type A ${rule} { a: Int }`, {
        policies: { yes: (requests) => requests.map(() => true) },
        resolvers: resolversOf({ Query: { a: () => ({ a: 1 }) }, A: { __isTypeOf: () => '' } }),
      });
      const { errors } = await ask(guarded, '{ a { a } }', person('a'));
      assert.deepEqual(errors, [['Expected value of type "A" but got: { a: 1 }.', 'a']]);
    }
  });

  it('E-6 a resolveType that throws, or returns a type that is not possible, fails as in graphql-js', async () => {
    const wrong: readonly ResolveType[] = [
      () => {
        throw new Error('torn');
      },
      () => Promise.reject(new Error('torn')),
      () => undefined,
      () => 'Query',
      () => 'Nothing',
      () => 7,
      (_value, _context, info) => info.schema.getType('A'),
    ];
    for (const resolveType of wrong) {
      const [open, guarded] = await Promise.all(
        ['', '@auth(scope: "a")'].map((rule) =>
          ask(
            guardOne(types(rule), {
              resolvers: resolversOf({ Query: { u: () => ({ a: 1 }) }, U: { __resolveType: resolveType } }),
            }),
            '{ u { __typename } }',
            person('a'),
          ),
        ),
      );
      assert.equal(open?.errors.length, 1);
      assert.deepEqual(guarded, open);
    }
  });

  it('E-6 a resolveType that calls the one of another guarded type does not decide the rules of that type', async () => {
    const guarded = guardOne(
      'union U @auth(scope: "u") = A interface I { a: Int } type A implements I @auth(scope: "a") { a: Int } type Query { i: I @public u: U @public }',
      {
        resolvers: resolversOf({
          Query: { i: () => ({ a: 1 }), u: () => ({ a: 1 }) },
          U: { __resolveType: () => 'A' },
          I: {
            __resolveType: (value: unknown, context: unknown, info: GraphQLResolveInfo) => {
              const union = info.schema.getType('U') as unknown as { resolveType: ResolveType };
              return union.resolveType(value, context, info, union as never);
            },
          },
        }),
      },
    );
    assert.deepEqual(await ask(guarded, '{ i { a } }', person('a')), { data: { i: { a: 1 } }, errors: [] });
    assert.deepEqual((await ask(guarded, '{ i { a } }', person('u'))).errors, denied('i'));
    assert.deepEqual((await ask(guarded, '{ u { __typename } }', person('a'))).errors, denied('u'));
  });

  it('E-6 no type has an isTypeOf that its author did not write', () => {
    const { schema } = makeStyled('@auth(scope: "a", policy: "no")', 'a name', {
      policies: { no: (requests) => requests.map(() => false) },
    });
    for (const type of Object.values(schema.getTypeMap())) {
      if (isObjectType(type)) assert.equal(type.isTypeOf, undefined, type.name);
    }
  });
});

describe('E-6 values of an object type', () => {
  const note = 'type Note @auth(owner: "owner") { owner: ID n: Int }';
  const mine = { owner: 'alice', n: 1 };
  const theirs = { owner: 'bob', n: 2 };
  const left = { n: 1 };
  /** Every way to return a list whose second item is denied. */
  const lists: Readonly<Record<string, () => unknown>> = {
    values: () => [mine, theirs, mine],
    promises: () => [Promise.resolve(mine), Promise.resolve(theirs), mine],
    'a promise of values': async () => [mine, theirs, mine],
    'a set': () => new Set([mine, theirs, { ...mine }]),
    'a generator': function* () {
      yield mine;
      yield Promise.resolve(theirs);
      yield mine;
    },
  };
  for (const [name, list] of Object.entries(lists)) {
    it(`E-6 in a list given as ${name} are decided at their own positions`, async () => {
      const guarded = guardOne(
        `${note} type Query { list: [Note] @public strict: [Note!] @public nested: [[Note]!] @public }`,
        {
          resolvers: { Query: { list, strict: list, nested: () => [list(), list()] } },
        },
      );
      const answer = await ask(guarded, '{ list { n } strict { n } }', person());
      assert.deepEqual(answer.data, { list: [left, null, left], strict: null });
      assert.deepEqual(answer.errors.toSorted(byPath), [...denied('list.1'), ...denied('strict.1')]);
      const { errors } = await ask(guarded, '{ nested { __typename } }', person());
      if (name !== 'a promise of values') assert.deepEqual(errors, [...denied('nested.0.1'), ...denied('nested.1.1')]);
    });
  }

  it('E-6 null, errors and rejections in a list are not changed', async () => {
    const guarded = guardOne(`${note} type Query { list: [Note] @public }`, {
      resolvers: { Query: { list: () => [null, new Error('e'), Promise.reject(new Error('r')), undefined, mine] } },
    });
    assert.deepEqual(await ask(guarded, '{ list { n } }', person()), {
      data: { list: [null, null, null, null, left] },
      errors: [
        ['e', 'list.1'],
        ['r', 'list.2'],
      ],
    });
  });

  it('E-6 are decided below a root type that a field returns, in payloads and in events', async () => {
    const guarded = guardOne(
      `${note} type Query { self: Query @public note: Note @public }
      type Mutation { make(owner: ID!): Payload @auth(owner: "$owner") } type Payload { query: Query note: Note }
      type Subscription { notes: Note @public }`,
      {
        resolvers: {
          Query: { self: () => ({}), note: () => theirs },
          Mutation: { make: () => ({ query: {}, note: theirs }) },
          Subscription: {
            notes: {
              subscribe: async function* () {
                yield { notes: mine };
                yield { notes: theirs };
              },
            },
          },
        },
      },
    );
    assert.deepEqual(
      (await ask(guarded, '{ self { self { note { n } } } }', person())).errors,
      denied('self.self.note'),
    );
    const { errors } = await ask(
      guarded,
      'mutation { make(owner: "alice") { note { n } query { note { n } } } }',
      person(),
    );
    assert.deepEqual(errors, [...denied('make.note'), ...denied('make.query.note')]);
    const events = await subscribe({
      schema: guarded.schema,
      document: parse('subscription { notes { n } }'),
      contextValue: { principal: person() },
    });
    assert.ok(Symbol.asyncIterator in events);
    const seen = [];
    for await (const { data } of events) seen.push(data?.['notes'] && { ...data['notes'] });
    assert.deepEqual(seen, [left, null]);
  });

  it('E-6 are decided without a promise if nothing is asynchronous', () => {
    const { schema } = guardOne(`${note} type Query { list: [[Note!]] @public }`, {
      resolvers: { Query: { list: () => [[mine], [mine, theirs]] } },
    });
    const { data } = executeSync({
      schema,
      document: parse('{ list { n } }'),
      contextValue: { principal: person() },
    });
    assert.deepEqual(JSON.parse(JSON.stringify(data)), { list: [[left], null] });
  });

  it('E-6 reach the resolvers of their fields unchanged', async () => {
    const seen: unknown[] = [];
    const guarded = guardOne(`${note} extend type Note { self: Int } type Query { list: [Note] @public }`, {
      resolvers: { Query: { list: () => [mine] }, Note: { self: (value) => seen.push(value) } },
    });
    await graphql({ schema: guarded.schema, source: '{ list { self } }', contextValue: { principal: person() } });
    assert.equal(seen[0], mine);
  });
});

function byPath([, a]: readonly [unknown, string], [, b]: readonly [unknown, string]): number {
  return a < b ? -1 : 1;
}
