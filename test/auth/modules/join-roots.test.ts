import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { guard, holder, run } from '../../support/modules.ts';

function faultsOf(modules: Readonly<Record<string, string>>): readonly string[] {
  try {
    createGuardedSchema({ modules: Object.entries(modules).map(([name, typeDefs]) => ({ name, typeDefs })) });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

const one = 'schema { query: Root } type Root { a: Int @public }';

describe('G-9 modules with a schema definition of their own', () => {
  const working: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'the same in both': { one, two: 'schema { query: Root } type Root { b: Int @auth(scope: "b") }' },
    'the same, extended': { one, two: 'schema { query: Root } extend type Root { b: Int @auth(scope: "b") }' },
    'a definition in one, and its root extended in the other': {
      one,
      two: 'extend type Root { b: Int @auth(scope: "b") }',
    },
    'a root that both extend and no module defines': {
      one: 'schema { query: Root } extend type Root { a: Int @public }',
      two: 'extend type Root { b: Int @auth(scope: "b") }',
    },
    'an extension that names the root': {
      one: 'extend schema { query: Root } type Root { a: Int @public }',
      two: 'extend schema { query: Root } extend type Root { b: Int @auth(scope: "b") }',
    },
    'the usual name, written out in one': {
      one: 'type Query { a: Int @public }',
      two: 'schema { query: Query } extend type Query { b: Int @auth(scope: "b") }',
    },
  };
  for (const [name, modules] of Object.entries(working)) {
    for (const order of [Object.entries(modules), Object.entries(modules).toReversed()]) {
      it(`G-9 run and are guarded: ${name}, ${order[0]?.[0]} first`, async () => {
        const guarded = guard(Object.fromEntries(order));
        const rootValue = await run(guarded, '{ a b }', holder('b'));
        assert.equal(rootValue.errors, undefined);
        assert.equal((await run(guarded, '{ a b }')).errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
      });
    }
  }

  it('G-9 a module that extends Mutation adds a root to the schema of another', async () => {
    const guarded = guard({ one, two: 'extend type Mutation { go: Int @auth(scope: "go") }' });
    assert.deepEqual((await run(guarded, 'mutation { go }', holder('go'))).data, { go: null });
    assert.equal((await run(guarded, 'mutation { go }')).errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
    assert.deepEqual(faultsOf({ one, two: 'extend type Mutation { go: Int }' }), [
      'Mutation.go (module "two"): a root field with neither @auth nor @public; say who may read it: write @auth or @public on it',
    ]);
  });

  const other = 'schema { query: Other } type Other { b: Int @public }';
  const end = 'give them one name, which without "schema" is Query';
  const wrong: Readonly<Record<string, readonly [modules: Readonly<Record<string, string>>, fault: string]>> = {
    'two roots of their own': [
      { one, two: other },
      `schema (modules "one" and "two"): has several query types: Root (module "one"), Other (module "two"); ${end}`,
    ],
    'a second type with the usual name': [
      { base: 'type Query { b: Int @public }', more: 'extend type Query { c: Int @public }', one },
      `schema (module "one"): has several query types: Query (module "base" and 1 more), Root (module "one"); ${end}`,
    ],
    'two in one module': [
      { one: 'schema { query: A query: B } type A { a: Int @public } type B { a: Int @public }' },
      `schema (module "one"): has several query types: A (module "one"), B (module "one"); ${end}`,
    ],
  };
  for (const [name, [modules, fault]] of Object.entries(wrong)) {
    it(`G-9 are reported if they contradict each other: ${name}`, () => assert.deepEqual(faultsOf(modules), [fault]));
  }

  for (const [name, sdl] of Object.entries({
    'does not exist': 'schema { query: Gone } type Q { x: Int }',
    'is a scalar': 'schema { query: Gone } scalar Gone',
    'is an interface': 'schema { query: Q subscription: Gone } type Q { x: Int @public } interface Gone { x: Int }',
  })) {
    it(`G-9 a root that ${name} is named with its module`, () => {
      assert.match(faultsOf({ one: sdl }).join('\n'), /module "one".*Gone/);
    });
  }
});
