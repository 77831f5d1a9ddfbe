import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartError } from '../../../src/errors.ts';
import { guardOne } from '../../support/rules.ts';

describe('B-24 start errors, each with its coordinate', () => {
  const wrong: readonly [typeDefs: string, expected: string][] = [
    ['type Query { x: Int @auth(policy: []) }', 'Query.x (module "one"): @auth(policy: []) is empty'],
    ['type Query { x: Int @auth(policy: "nope") }', 'Query.x (module "one"): @auth has the unknown policy "nope"'],
    ['type Query { x: Int @auth(maxAge: -1) }', 'Query.x (module "one"): @auth(maxAge: -1) is not an age'],
    ['type Query { x: Int @auth(maxAge: null) }', 'Query.x (module "one"): @auth(maxAge: null) is not an age'],
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
    ['type Query { x: Int @auth(owner: "") }', 'Query.x (module "one"): @auth(owner: "") is not an owner'],
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
    it(typeDefs, () => {
      assert.throws(
        () => guardOne(typeDefs),
        (error) => error instanceof StartError && error.faults.some((fault) => fault.startsWith(expected)),
      );
    });
  }
});
