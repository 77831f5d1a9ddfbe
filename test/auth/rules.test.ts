import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { graphql, parse } from 'graphql';
import { createGuardedSchema, type GuardedSchema, type GuardedSchemaOptions } from '../../src/auth/schema.ts';
import type { DenialEvent } from '../../src/auth/denial.ts';
import { StartError } from '../../src/errors.ts';
import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';

function person(scopes = '', claims: Record<string, unknown> = {}, accountId: string | null = 'alice'): Principal {
  return makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: 'alice',
    clientId: 'web',
    accountId,
    scopes: new Set(scopes.split(' ').filter(Boolean)),
    expiresAt: 4_102_444_800,
    claims,
  });
}

type Options = Omit<GuardedSchemaOptions, 'modules'> & Pick<GuardedSchemaOptions['modules'][number], 'resolvers'>;

function guard(typeDefs: string, { resolvers = {}, ...options }: Options = {}): GuardedSchema {
  return createGuardedSchema({ modules: [{ name: 'one', typeDefs, resolvers }], ...options });
}

interface Answer {
  readonly data: unknown;
  readonly errors: readonly (readonly [code: unknown, path: string])[];
}

async function ask(
  { schema }: GuardedSchema,
  source: string,
  principal: Principal = anonymous,
  variableValues: Record<string, unknown> = {},
): Promise<Answer> {
  const { data, errors = [] } = await graphql({ schema, source, contextValue: { principal }, variableValues });
  return {
    data: data === undefined ? undefined : JSON.parse(JSON.stringify(data)),
    errors: errors.map((error) => [error.extensions['code'] ?? error.message, (error.path ?? []).join('.')] as const),
  };
}

const denied = (path: string, code = 'FORBIDDEN') => [[code, path]];

describe('claims', () => {
  const cases: readonly [rule: string, claims: Record<string, unknown>, allowed: boolean][] = [
    ['{claim: "role", oneOf: ["a", "b"]}', { role: 'b' }, true],
    ['{claim: "role", oneOf: "a"}', { role: 'A' }, false],
    ['{claim: "role", oneOf: "a"}', { role: ['a'] }, false],
    ['{claim: "level", oneOf: ["3", "true"]}', { level: 3 }, true],
    ['{claim: "level", oneOf: ["3", "true"]}', { level: true }, true],
    ['{claim: "level", oneOf: "1.5"}', { level: 1.5 }, false],
    ['{claim: "level", oneOf: "9007199254740992"}', { level: 2 ** 53 }, false],
    [
      '{claim: ["https://example.com/app", "tenant"], oneOf: "t"}',
      { 'https://example.com/app': { tenant: 't' } },
      true,
    ],
    ['{claim: ["a", "0"], oneOf: "t"}', { a: ['t'] }, false],
    ['{claim: "roles", contains: "a"}', { roles: ['b', 'a'] }, true],
    ['{claim: "roles", contains: "a"}', { roles: 'b a' }, false],
    ['{claim: "constructor", exists: true}', {}, false],
    ['{claim: ["a", "__proto__"], exists: true}', { a: {} }, false],
    ['{claim: "a", exists: true}', { a: null }, false],
    ['{claim: "a", exists: true}', { a: 0 }, true],
  ];
  for (const [rule, claims, allowed] of cases) {
    test(`${rule} with ${JSON.stringify(claims)} ${allowed ? 'allows' : 'denies'}`, async () => {
      const guarded = guard(`type Query { x: Int @auth(claims: [${rule}]) }`);
      const { data, errors } = await ask(guarded, '{ x }', person('', claims));
      assert.deepEqual([data, errors], [{ x: null }, allowed ? [] : denied('x')]);
    });
  }
});

describe('maxAge and acr (RFC 9470)', () => {
  test('B-23 maxAge denies once the deadline passes, though the token was decided before', async () => {
    let now = 1_000_000;
    const guarded = guard('type Query { x: Int @auth(maxAge: 60) }', { clock: () => now });
    const caller = person('', { auth_time: 1_000 });
    assert.deepEqual((await ask(guarded, '{ x }', caller)).errors, []);
    now += 60_000;
    assert.deepEqual((await ask(guarded, '{ x }', caller)).errors, []);
    now += 1;
    assert.deepEqual((await ask(guarded, '{ x }', caller)).errors, denied('x', 'STEP_UP_REQUIRED'));
  });

  test('A-10 a missing claim counts as unmet, and a scope that lacks too makes it no matter of step-up', async () => {
    const guarded = guard('type Query { x: Int @auth(acr: ["gold"]) y: Int @auth(acr: ["gold"], scope: "s") }');
    assert.deepEqual((await ask(guarded, '{ x y }', person())).errors, [
      ...denied('x', 'STEP_UP_REQUIRED'),
      ...denied('y'),
    ]);
    assert.deepEqual((await ask(guarded, '{ x y }', person('s', { acr: 'gold' }))).errors, []);
    assert.deepEqual((await ask(guarded, '{ x }')).errors, denied('x', 'UNAUTHENTICATED'));
  });
});

describe('owner', () => {
  const typeDefs = `
    type Query { note(id: ID): Note @auth  notes: [Note] @auth  of(userId: ID): Int @auth(owner: "$userId") any: Any @auth }
    type Note { id: ID text: String @auth(owner: "userId") userId: ID }
    type Diary @auth(owner: "userId") { userId: ID page: String }
    union Any = Diary | Note
    extend type Query { diaries: [Diary] @auth }
  `;
  const asked: string[] = [];
  const notes = [
    { id: 1, text: 'mine', userId: 'alice' },
    { id: 2, text: 'yours', userId: 'bob' },
    { id: 3, text: 'nobody', userId: null },
    { id: 4, text: 'list', userId: ['alice'] },
  ];
  const guarded = guard(typeDefs, {
    resolvers: {
      Query: {
        notes: () => notes,
        diaries: async () => notes,
        of: () => 1,
        any: () => ({ __typename: 'Diary', ...notes[1] }),
      },
      Note: {
        userId: (note: { userId: unknown; id: unknown }) => {
          asked.push(String(note.id));
          return note.userId;
        },
        text: async (note: { text: unknown }) => note.text,
      },
      Diary: { page: (note: { text: unknown }) => note.text, userId: async (note: { userId: unknown }) => note.userId },
    },
  });

  test('B-17 the field is read where the document does not select it, once for each object', async () => {
    asked.length = 0;
    const { data, errors } = await ask(guarded, '{ notes { text again: text } }', person());
    const blank = { text: null, again: null };
    assert.deepEqual(data, { notes: [{ text: 'mine', again: 'mine' }, blank, blank, blank] });
    assert.equal(errors.length, 6);
    assert.deepEqual(asked, ['1', '2', '3', '4']);
  });

  test('a rule on a type denies at the position of each value', async () => {
    const { data, errors } = await ask(guarded, '{ diaries { page } }', person());
    assert.deepEqual(data, { diaries: [{ page: 'mine' }, null, null, null] });
    assert.deepEqual(
      errors,
      ['1', '2', '3'].flatMap((index) => denied(`diaries.${index}`)),
    );
  });

  test('B-4 through a union not even __typename is told', async () => {
    const { data, errors } = await ask(guarded, '{ any { __typename } }', person());
    assert.deepEqual([data, errors], [{ any: null }, denied('any')]);
  });

  test('B-18 an argument must be the account, as exactly that string', async () => {
    assert.deepEqual(await ask(guarded, '{ of(userId: "alice") }', person()), { data: { of: 1 }, errors: [] });
    for (const query of ['{ of(userId: "bob") }', '{ of(userId: null) }', '{ of }', '{ of(userId: "Alice") }']) {
      assert.deepEqual((await ask(guarded, query, person())).errors, denied('of'), query);
    }
  });

  test('B-18 never an application, and never the subject of another issuer', async () => {
    const stranger = person('', {}, null);
    const application = makePrincipal({ ...person(), kind: 'application' } as Parameters<typeof makePrincipal>[0]);
    for (const caller of [stranger, application]) {
      assert.deepEqual((await ask(guarded, '{ of(userId: "alice") }', caller)).errors, denied('of'));
    }
  });

  test('a global ID is decoded, and one of another type is nobody', async () => {
    const accountIdOf = (id: string) => (id.startsWith('Account:') ? id.slice(8) : null);
    const decoding = guard('type Query { of(userId: ID): Int @auth(owner: "$userId") }', { accountIdOf });
    assert.deepEqual((await ask(decoding, '{ of(userId: "Account:alice") }', person())).errors, []);
    assert.deepEqual((await ask(decoding, '{ of(userId: "Order:alice") }', person())).errors, denied('of'));
  });
});

describe('policy', () => {
  const typeDefs = `
    type Query { items: [Item] @auth }
    type Item { id: Int name(as: String): String @auth(policy: "even") other: String @auth(policy: ["even", "yes"]) }
  `;
  const resolvers = {
    Query: {
      items: () => [
        { id: 1, name: 'one' },
        { id: 2, name: 'two' },
      ],
    },
    Item: { name: (item: { name: string }) => item.name, other: () => 'o' },
  };

  test('B-18 asked once for each parent and arguments, together, and remembered', async () => {
    const batches: number[] = [];
    const guarded = guard(typeDefs, {
      resolvers,
      policies: {
        even: (requests) => {
          batches.push(requests.length);
          return requests.map(({ parent }) => (parent as { id: number }).id % 2 === 0);
        },
        yes: async (requests) => requests.map(() => true),
      },
    });
    const { data } = await ask(guarded, '{ items { name a: name b: name(as: "x") other } }', person());
    assert.deepEqual(data, {
      items: [
        { name: null, a: null, b: null, other: null },
        { name: 'two', a: 'two', b: 'two', other: 'o' },
      ],
    });
    assert.deepEqual(batches, [6]);
  });

  const bad = {
    throws: () => {
      throw new Error('broken');
    },
    rejects: async () => Promise.reject(new Error('broken')),
    'answers too few': () => [],
    'answers too many': (requests: readonly unknown[]) => [...requests, 1].map(() => true),
    'answers no array': () => true,
    'answers truthy': (requests: readonly unknown[]) => requests.map(() => 1),
    'never answers': async () => new Promise(() => {}),
  };
  for (const [name, policy] of Object.entries(bad)) {
    test(`B-8 a policy that ${name} denies`, async () => {
      // Answers of the wrong type are what this is about.
      const policies = { even: policy as never, yes: policy as never };
      const guarded = guard(typeDefs, { resolvers, policies, policyTimeout: 20 });
      const { data, errors } = await ask(guarded, '{ items { id name } }', person());
      assert.deepEqual(data, {
        items: [
          { id: 1, name: null },
          { id: 2, name: null },
        ],
      });
      assert.equal(errors.length, 2);
    });
  }
});

describe('anyOf', () => {
  const guarded = guard(
    'type Query { of(userId: ID): Int @auth(scope: "base", anyOf: [{scope: "admin"}, {owner: "$userId"}, {acr: "gold"}]) }',
    { resolvers: { Query: { of: () => 1 } } },
  );
  const cases: readonly [Principal, userId: string, allowed: boolean][] = [
    [person('base admin'), 'bob', true],
    [person('base'), 'alice', true],
    [person('base'), 'bob', false],
    [person('admin'), 'alice', false],
    [person('base', { acr: 'gold' }), 'bob', true],
  ];
  for (const [index, [caller, userId, allowed]] of cases.entries()) {
    test(`alternatives beside what must hold: ${index}`, async () => {
      const { errors } = await ask(guarded, 'query ($u: ID) { of(userId: $u) }', caller, { u: userId });
      assert.deepEqual(errors, allowed ? [] : denied('of'));
    });
  }
});

describe('inputs', () => {
  const runs: unknown[] = [];
  const guarded = guard(
    `type Query { find(plain: Int, secret: Int @auth(scope: "s"), filter: Filter, filters: [[Filter!]], kind: Kind, at: When): Int @public }
     type Mutation { ok: Int @public find(secret: Int @auth(scope: "s"), filter: Filter): Int @public }
     input Filter { plain: Int secret: Int @auth(scope: "s") inner: Filter kinds: [Kind!] deep: Deep }
     input Deep @auth(scope: "d") { x: Int }
     enum Kind { OPEN SHUT @auth(scope: "k") }
     scalar When @auth(scope: "w")`,
    {
      resolvers: {
        Query: { find: (_: unknown, args: unknown) => runs.push(args) },
        Mutation: { find: (_: unknown, args: unknown) => runs.push(args), ok: () => runs.push('ok') },
        Kind: { OPEN: 'SHUT', SHUT: 0 },
      },
    },
  );
  const cases: readonly [document: string, variables: Record<string, unknown>, scopes: string, allowed: boolean][] = [
    ['{ find(plain: 1) }', {}, '', true],
    ['{ find(secret: 1) }', {}, '', false],
    ['{ find(secret: 1) }', {}, 's', true],
    ['{ find(secret: null) }', {}, '', false],
    ['query ($v: Int) { find(secret: $v) }', {}, '', true],
    ['query ($v: Int) { find(secret: $v) }', { v: null }, '', false],
    ['query ($v: Int = 3) { find(secret: $v) }', {}, '', false],
    ['{ find(filter: {plain: 1}) }', {}, '', true],
    ['{ find(filter: {secret: 1}) }', {}, '', false],
    ['{ find(filter: {inner: {inner: {secret: null}}}) }', {}, '', false],
    ['query ($v: Int) { find(filter: {secret: $v}) }', {}, '', true],
    ['query ($f: Filter) { find(filter: $f) }', { f: { inner: { secret: 1 } } }, '', false],
    ['query ($f: [Filter!]) { find(filters: [$f]) }', { f: { secret: 1 } }, '', false],
    ['{ find(filters: [[{plain: 1}, {secret: 1}]]) }', {}, '', false],
    ['{ find(filter: {deep: {}}) }', {}, 's', false],
    ['{ find(filter: {deep: {}}) }', {}, 'd', true],
    ['{ find(kind: OPEN) }', {}, '', true],
    ['{ find(kind: SHUT) }', {}, '', false],
    ['query ($k: Kind) { find(kind: $k) }', { k: 'OPEN' }, '', true],
    ['query ($k: Kind) { find(kind: $k) }', { k: 'SHUT' }, '', false],
    ['{ find(filter: {kinds: [OPEN, SHUT]}) }', {}, '', false],
    ['{ find(at: "now") }', {}, '', false],
    ['{ find(at: "now") }', {}, 'w', true],
    ['mutation { ok find(secret: 1) }', {}, '', false],
    ['mutation ($f: Filter) { ok find(filter: $f) }', { f: { kinds: ['SHUT'] } }, 's', false],
  ];
  for (const [document, variables, scopes, allowed] of cases) {
    const told = `${document} ${JSON.stringify(variables)} with "${scopes}"`;
    test(`B-9 ${told}: ${allowed ? 'free' : 'denied, and nothing runs'}`, async () => {
      runs.length = 0;
      const { errors } = await ask(guarded, document, person(scopes), variables);
      assert.equal(errors.length === 0, allowed, JSON.stringify(errors));
      assert.equal(runs.length > 0, allowed);
      assert.ok(errors.every(([code]) => code === 'FORBIDDEN'));
    });
  }
});

describe('B-13 mutations', () => {
  test('a dynamic rule of any root field denies before the first one runs', async () => {
    const runs: string[] = [];
    const guarded = guard(
      'type Query { x: Int @public } type Mutation { a: Int @auth  b(userId: ID): Int @auth(owner: "$userId") c: Int @auth(policy: "no") }',
      {
        resolvers: { Mutation: { a: () => runs.push('a'), b: () => runs.push('b'), c: () => runs.push('c') } },
        policies: { no: (requests) => requests.map(() => false) },
      },
    );
    for (const document of [
      'mutation { a b(userId: "bob") }',
      'mutation { a c }',
      'mutation { ...F } fragment F on Mutation { a b }',
    ]) {
      const { data, errors } = await ask(guarded, document, person());
      assert.deepEqual(Object.values(data as object), [null, null]);
      assert.equal(errors.length, 1, JSON.stringify(errors));
    }
    assert.deepEqual(runs, []);
    await ask(guarded, 'mutation { a b(userId: "alice") }', person());
    assert.deepEqual(runs, ['a', 'b']);
  });
});

describe('SHADOW', () => {
  test('denies nothing, and tells each coordinate and rule once', async () => {
    const events: DenialEvent[] = [];
    const guarded = guard(
      'type Query { list: [T] @public } type T { x: Int @auth(scope: "s", mode: SHADOW) y: Int @auth(scope: "y") }',
      {
        resolvers: { Query: { list: () => [{ x: 1 }, { x: 2 }] } },
        onDenial: (event) => events.push(event),
      },
    );
    const { data } = await ask(guarded, '{ list { x again: x y } }', person());
    assert.deepEqual(data, {
      list: [
        { x: 1, again: 1, y: null },
        { x: 2, again: 2, y: null },
      ],
    });
    assert.deepEqual(
      events.map(({ mode, coordinate, rule, code }) => [mode, coordinate, rule, code]),
      [
        ['shadow', 'T.x', 'T.x', 'FORBIDDEN'],
        ['enforce', 'T.y', 'T.y', 'FORBIDDEN'],
      ],
    );
  });
});

describe('denial: reject', () => {
  const sdl = 'type Query { open: T @public } type T { x: Int @auth(scope: "s") y: Int }';
  const decide = (denial: 'partial' | 'reject', document: string, principal: Principal) =>
    guard(sdl, { denial }).decideOperation({ document: parse(document), principal }).kind;

  test('refuses a query that is denied in part, and no other', () => {
    assert.equal(decide('partial', '{ open { x y } }', person()), 'run');
    assert.equal(decide('reject', '{ open { x y } }', person()), 'refuse');
    assert.equal(decide('reject', '{ open { y } }', person()), 'run');
    assert.equal(decide('reject', '{ open { x y } }', person('s')), 'run');
  });
});

describe('interfaces and unions', () => {
  const guarded = guard(
    `type Query { a: A @public i: I @public j: J @public u: U @public v: V @public }
     interface J { z: Int @auth(scope: "z") }
     interface I implements J @auth(scope: "i") { x(secret: Int @auth(scope: "arg")): Int @auth(scope: "x") z: Int }
     type A implements I & J { x(secret: Int): Int z: Int own: Int }
     type B { own: Int }
     union U @auth(scope: "u") = A | B
     union V = B`,
    {
      resolvers: {
        Query: {
          a: () => ({ x: 1, z: 2, own: 3 }),
          i: () => ({ __typename: 'A', x: 1, z: 2, own: 3 }),
          j: () => ({ __typename: 'A', x: 1, z: 2, own: 3 }),
          u: () => ({ __typename: 'B', own: 3 }),
          v: () => ({ __typename: 'B', own: 3 }),
        },
      },
    },
  );
  const cases: readonly [document: string, scopes: string, denied: string | null][] = [
    ['{ a { own } }', '', 'a'],
    ['{ a { own } }', 'i', null],
    ['{ i { __typename } }', '', 'i'],
    ['{ j { __typename } }', '', 'j'],
    ['{ j { __typename } }', 'i', null],
    ['{ a { x } }', 'i', 'a.x'],
    ['{ a { x } }', 'i x', null],
    ['{ a { x(secret: 1) } }', 'i x', 'a.x'],
    ['{ a { x(secret: 1) } }', 'i x arg', null],
    ['{ i { x(secret: 1) } }', 'i x', 'i.x'],
    ['{ a { z } }', 'i', 'a.z'],
    ['{ j { ... on A { z } } }', 'i', 'j.z'],
    ['{ u { ... on B { own } } }', '', 'u'],
    ['{ u { ... on B { own } } }', 'u', null],
    ['{ v { ... on B { own } } }', '', null],
  ];
  for (const [document, scopes, path] of cases) {
    test(`B-2 ${document} with "${scopes}": ${path === null ? 'given' : `${path} denied`}`, async () => {
      assert.deepEqual((await ask(guarded, document, person(scopes))).errors, path === null ? [] : denied(path));
    });
  }

  test('descriptions say what is required', () => {
    const { description } = guard('type Query { "A thing." x: Int @auth(scope: ["a b", "c"], maxAge: 60) }')
      .schema.getQueryType()
      ?.getFields()['x'] ?? { description: '' };
    assert.equal(description, 'A thing.\n\nRequires the scope `a b` or `c` and authentication at most 60 seconds ago.');
  });
});

describe('B-24 start errors, each with its coordinate', () => {
  const wrong: readonly [typeDefs: string, expected: string][] = [
    ['type Query { x: Int @auth(policy: []) }', 'Query.x (module "one"): @auth(policy: []) is empty'],
    ['type Query { x: Int @auth(policy: "nope") }', 'Query.x (module "one"): @auth has the unknown policy "nope"'],
    ['type Query { x: Int @auth(maxAge: -1) }', 'Query.x (module "one"): @auth(maxAge: -1) is no age'],
    ['type Query { x: Int @auth(maxAge: null) }', 'Query.x (module "one"): @auth(maxAge: null) is no age'],
    ['type Query { x: Int @auth(acr: [""]) }', 'Query.x (module "one"): @auth(acr: [""]) is empty'],
    ['type Query { x: Int @auth(claims: []) }', 'Query.x (module "one"): @auth(claims: []) names no claim'],
    ['type Query { x: Int @auth(claims: [{claim: "a"}]) }', 'Query.x (module "one"): @auth has the claim rule'],
    [
      'type Query { x: Int @auth(claims: [{claim: "a", exists: false}]) }',
      'Query.x (module "one"): @auth has the claim',
    ],
    ['type Query { x: Int @auth(anyOf: []) }', 'Query.x (module "one"): @auth(anyOf: []) names no alternative'],
    ['type Query { x: Int @auth(anyOf: [{}]) }', 'Query.x (module "one"): @auth has the alternative {}'],
    [
      'type Query { x: Int @auth(anyOf: [{anyOf: [{scope: "a"}]}]) }',
      'Query.x (module "one"): @auth has the alternative',
    ],
    ['type Query { x: Int @auth(owner: "") }', 'Query.x (module "one"): @auth(owner: "") is no owner'],
    [
      'type Query { x: Int @auth(owner: "x") }',
      'Query.x (module "one"): @auth(owner: "x") names a field of a root type',
    ],
    ['type Query { x: Int @auth(owner: "$id") }', 'Query.x (module "one"): @auth(owner: "$id") names no argument'],
    [
      'type Query { t: T @auth } type T @auth(owner: "u") { x: Int }',
      'T (module "one"): @auth(owner: "u") names no field',
    ],
    ['type Query { t: T @auth } type T { x: Int @auth(owner: "u") u: [ID] }', 'T.x (module "one"): @auth(owner: "u")'],
    [
      'type Query { x: K @auth } enum K @auth(owner: "k") { A }',
      'K (module "one"): @auth(owner:) has no meaning on an enum',
    ],
    ['type Query { x(a: Int = 1 @auth(scope: "a")): Int @auth }', 'Query.x(a:) (module "one"): has a default value'],
    [
      'type Query { x(f: F = {a: {b: 1}}): Int @auth } input F { a: G } input G { b: Int @auth(scope: "b") }',
      'Query.x(f:) (module "one"): has a default value',
    ],
    ['type Query { x: Int @auth(mode: SHADOW) }', 'Query.x (module "one"): a root field with neither'],
    [
      'type Query { x: Int @auth } type Mutation { t: T @auth(scope: "a") } type T @auth(owner: "u") { u: ID }',
      'Mutation.t (module "one"): returns what @auth(owner: "u") on T decides only when it is done',
    ],
  ];
  for (const [typeDefs, expected] of wrong) {
    test(typeDefs, () => {
      assert.throws(
        () => guard(typeDefs),
        (error) => error instanceof StartError && error.faults.some((fault) => fault.startsWith(expected)),
      );
    });
  }
});
