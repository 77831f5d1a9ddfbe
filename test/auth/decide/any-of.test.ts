import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Principal } from '../../../src/principal.ts';
import { ask, denied, guardOne, person } from '../../support/rules.ts';

describe('anyOf', () => {
  const guarded = guardOne(
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
    it(`alternatives in addition to required parts: ${index}`, async () => {
      const { errors } = await ask(guarded, 'query ($u: ID) { of(userId: $u) }', caller, { u: userId });
      assert.deepEqual(errors, allowed ? [] : denied('of'));
    });
  }
});
