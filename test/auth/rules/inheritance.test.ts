import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, denied, guardOne, person } from '../../support/rules.ts';

describe('interfaces and unions', () => {
  const guarded = guardOne(
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
    it(`B-2 ${document} with "${scopes}": ${path === null ? 'returned' : `${path} denied`}`, async () => {
      assert.deepEqual((await ask(guarded, document, person(scopes))).errors, path === null ? [] : denied(path));
    });
  }

  it('descriptions say what is required', () => {
    const { description } = guardOne('type Query { "A thing." x: Int @auth(scope: ["a b", "c"], maxAge: 60) }')
      .schema.getQueryType()
      ?.getFields()['x'] ?? { description: '' };
    assert.equal(description, 'A thing.\n\nRequires the scope `a b` or `c` and authentication at most 60 seconds ago.');
  });
});
