import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import type { SchemaModule } from '../../src/auth/modules/module.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { StartError } from '../../src/errors.ts';
import { guard, holder, run } from '../support/modules.ts';

function faultsOf(modules: readonly SchemaModule[], scopes?: ReadonlySet<string>): readonly string[] {
  try {
    createGuardedSchema({ modules, ...(scopes && { scopes }) });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

const faultsIn = (typeDefs: string): readonly string[] => faultsOf([{ name: 'one', typeDefs }]);
const base = { name: 'base', typeDefs: 'type Query { ok: Int @public }' };

describe('root types that modules extend', () => {
  it('a module may extend a root type that no module defines, and its fields are guarded', async () => {
    const guarded = guard({
      base: 'type Query { ok: Int @public }',
      one: 'extend type Mutation { go: Int @auth(scope: "go") }',
      two: 'extend type Mutation { other: Int @public }',
    });
    assert.equal((await run(guarded, 'mutation { go }')).errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
    assert.deepEqual((await run(guarded, 'mutation { go other }', holder('go'))).data, { go: null, other: null });
  });

  it('B-22 and its fields without a rule stop the start', () => {
    const modules = [base, { name: 'one', typeDefs: 'extend type Mutation { go: Int }' }];
    assert.match(faultsOf(modules).join('\n'), /Mutation\.go .*neither @auth nor @public/);
  });

  it('any other type must be defined before it is extended', () => {
    assert.match(faultsIn('type Query { ok: Int @public } extend type Nobody { x: Int }').join('\n'), /Nobody/);
  });
});

describe('B-22 closed by default', () => {
  const open = {
    'Query.x': 'type Query { x: Int }',
    'Mutation.y': 'type Query { x: Int @auth } type Mutation { y: Int }',
    'Subscription.z': 'type Query { x: Int @auth } type Subscription { z: Int }',
    'Root.x': 'schema { query: Root } type Root { x: Int }',
    'Query.more': 'type Query { x: Int @auth } extend type Query { more: Int }',
  };
  for (const [coordinate, typeDefs] of Object.entries(open)) {
    it(`${coordinate} with neither @auth nor @public stops the start`, () => {
      assert.deepEqual(faultsIn(typeDefs), [
        `${coordinate} (module "one"): a root field with neither @auth nor @public; say who may read it: write @auth or @public on it`,
      ]);
    });
  }

  it('a rule on the root type is enough', () => {
    assert.deepEqual(faultsIn('type Query @auth { x: Int } type Mutation { y: Int @auth(scope: "y") }'), []);
  });

  it('a type called Mutation that is not a root type needs no rule', () => {
    assert.deepEqual(faultsIn('schema { query: Q } type Q { x: Mutation @public } type Mutation { y: Int }'), []);
  });

  it('@public outside of a root type, or together with @auth, stops the start', () => {
    assert.deepEqual(faultsIn('type Query { a: T @public @auth } type T { x: Int @public }'), [
      'Query.a (module "one"): has both @public and @auth; keep one',
      'T.x (module "one"): @public has no meaning off a root operation type; take it out',
    ]);
  });
});

describe('B-24 empty and malformed rules stop the start', () => {
  const wrong = [
    '[]',
    '""',
    '[""]',
    'null',
    '[null]',
    '"a  b"',
    '" a"',
    '"a "',
    '"a\\tb"',
    '"a\\"b"',
    '"é"',
    '1',
    '{a: 1}',
    'a',
  ];
  for (const scope of wrong) {
    it(`scope: ${scope}`, () => {
      const faults = faultsIn(`type Query { x: Int @auth(scope: ${scope}) }`);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', /^Query\.x \(module "one"\): @auth/);
    });
  }

  it('a scope that the catalogue does not have', () => {
    const typeDefs = 'type Query { x: Int @auth(scope: ["a b", "c"]) }';
    assert.deepEqual(faultsOf([{ name: 'one', typeDefs }], new Set(['a', 'b'])), [
      'Query.x (module "one"): @auth has the unknown scope "c"; expected one of a, b',
    ]);
    assert.deepEqual(faultsOf([{ name: 'one', typeDefs }], new Set(['a', 'b', 'c'])), []);
  });
});

describe('B-6 a directive under another name does not start', () => {
  const renamed = {
    'an unknown name': ['type Query { x: Int @guard(scope: "a") }', /Query\.x .*Unknown directive "@guard"/],
    'an import': [
      `extend schema @link(url: "https://example.com/auth", import: [{ name: "@auth", as: "@guard" }])
       directive @link(url: String, import: [Import]) on SCHEMA
       scalar Import
       directive @guard(scope: String) on FIELD_DEFINITION
       type Query { x: Int @public @guard(scope: "a") }`,
      /^schema \(module "one"\): imports @auth/,
    ],
    'a prefix': [
      'directive @lib__auth on FIELD_DEFINITION type Query { x: Int @public @lib__auth }',
      /^@lib__auth \(module "one"\): is defined by Claimgate/,
    ],
    'an own definition': [
      'directive @auth(scope: String) on FIELD_DEFINITION type Query { x: Int @auth(scope: "a") }',
      /^@auth \(module "one"\): is defined by Claimgate/,
    ],
    'an argument that does not exist': ['type Query { x: Int @auth(role: "a") }', /Query\.x .*"role"/],
    'a place that cannot be enforced': ['schema @auth { query: Q } type Q { x: Int @public }', /SCHEMA/],
    'one of its types, extended': [
      'type Query { x: Int @public } extend input AuthRule { role: String }',
      /^AuthRule \(module "one"\): is defined by Claimgate/,
    ],
  } as const;
  for (const [name, [typeDefs, expected]] of Object.entries(renamed)) {
    it(name, () => assert.match(faultsIn(typeDefs).join('\n'), expected));
  }
});

describe('B-20 modules cannot weaken each other', () => {
  for (const [a, b] of [
    ['["a"]', '["b"]'],
    ['"a"', '"b"'],
    ['["a", "a"]', '["a", "b"]'],
  ] as const) {
    it(`@auth(scope: ${a}) and @auth(scope: ${b}) on one type must both hold`, async () => {
      const guarded = guard(
        {
          one: `type Query { t: T @public } type T @auth(scope: ${a}) { x: Int }`,
          two: `type T @auth(scope: ${b}) { y: Int }`,
          three: 'extend type T { z: Int }',
        },
        { Query: { t: () => ({ x: 1, y: 2, z: 3 }) } },
      );
      assert.equal(guarded.rules.length, 2);
      const data = async (...scopes: string[]) =>
        (await run(guarded, '{ t { x y z } }', holder(...scopes))).data?.['t'];
      if (b === '"b"' || b === '["b"]') assert.equal(await data('a'), null);
      assert.equal(await data('b'), null);
      assert.deepEqual(await data('a', 'b'), { x: 1, y: 2, z: 3 });
    });
  }

  it('the same rule twice is not a fault', () => {
    const typeDefs = (field: string) => `type T @auth(scope: "a") { ${field}: Int }`;
    const modules = ['x', 'y'].map((name) => ({ name, typeDefs: typeDefs(name) }));
    assert.deepEqual(faultsOf([...modules, base]), []);
  });

  it('the fault of a field that two modules define names both', () => {
    const faults = faultsOf([base, { name: 'other', typeDefs: 'type Query { ok: Int @auth }' }]);
    assert.deepEqual(faults.toSorted(), [
      'Query.ok (modules "base" and "other"): Field "Query.ok" can only be defined once.',
      'Query.ok (modules "base" and "other"): has both @public and @auth; keep one',
    ]);
  });

  it('the fault of a resolver in two modules names both', () => {
    const resolvers = { Query: { ok: () => 1 } };
    const faults = faultsOf([
      { ...base, resolvers },
      { name: 'other', typeDefs: 'type Query { more: Int @public }', resolvers },
    ]);
    assert.deepEqual(faults, ['Query.ok (modules "base" and "other"): has two resolvers; give one']);
  });

  it('a second @public names the field', () => {
    assert.match(faultsIn('type Query { x: Int @public @public }').join(), /^Query\.x \(module "one"\): .*"@public"/);
  });

  it('a resolver cannot remove a rule together with its field', () => {
    const typeDefs = 'type Query { x: Int @auth }';
    const astNode = { ...parse('type Query { x: Int }').definitions[0] };
    const resolvers = { Query: { x: { astNode, resolve: () => 1 } } } as unknown as NonNullable<
      SchemaModule['resolvers']
    >;
    assert.match(
      faultsOf([{ name: 'one', typeDefs, resolvers }]).join(),
      /^Query\.x \(module "one"\): is not a resolver; expected a function/,
    );
  });
});

describe('faults of the start', () => {
  it('a syntax error names its module and place', () => {
    assert.match(
      faultsOf([base, { name: 'broken', typeDefs: 'type Query {' }]).join('\n'),
      /^module "broken", line 1, column 13: Syntax Error/,
    );
  });

  it('the fault of a resolver for a missing field names the field', () => {
    const resolvers = { Query: { ok: () => 1, okay: () => 1 }, Nothing: { x: () => 1 } };
    assert.deepEqual(faultsOf([{ ...base, resolvers }]), [
      'Query.okay (module "base"): has a resolver, and is not in the schema; the nearest is ok',
      'Nothing.x (module "base"): has a resolver, and is not in the schema',
    ]);
  });

  it('all are reported at once', () => {
    const faults = faultsOf([
      { name: 'one', typeDefs: 'type Query { a: Int  b: Int @auth(scope: "")  c: Missing @public }' },
      { name: 'two', typeDefs: 'extend type Query { d: Int @guard }', resolvers: { Query: { e: () => 1 } } },
    ]);
    for (const expected of ['Query.a', 'Query.b', 'Query.c', 'Query.d', 'Query.e']) {
      assert.ok(
        faults.some((fault) => fault.startsWith(expected)),
        `${expected}\n${faults.join('\n')}`,
      );
    }
  });

  it('a module may be a parsed document, or several', () => {
    const typeDefs = [parse('type Query { x: Int @public }'), 'extend type Query { y: Int @auth }'];
    assert.deepEqual(faultsOf([{ name: 'one', typeDefs }]), []);
  });
});
