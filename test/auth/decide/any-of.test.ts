import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied, type TestCaller } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('anyOf', () => {
  const guarded = guardOne(
    'type Query { of(userId: ID): Int @auth(scope: "base", anyOf: [{scope: "admin"}, {owner: "$userId"}, {acr: "gold"}]) }',
    { resolvers: { Query: { of: () => 1 } } },
  );
  const cases: readonly [TestCaller, userId: string, allowed: boolean][] = [
    [{ scopes: 'base admin' }, 'bob', true],
    [{ scopes: 'base' }, 'alice', true],
    [{ scopes: 'base' }, 'bob', false],
    [{ scopes: 'admin' }, 'alice', false],
    [{ scopes: 'base', acr: 'gold' }, 'bob', true],
  ];
  for (const [index, [caller, userId, allowed]] of cases.entries()) {
    it(`alternatives in addition to required parts: ${index}`, async () => {
      const principal = as({ account: 'alice', ...caller });
      const answer = await ask(guarded, 'query ($u: ID) { of(userId: $u) }', { u: userId }, principal);
      assert.deepEqual(
        denied(answer).map(({ coordinate, code }) => [coordinate, code]),
        allowed ? [] : [['Query.of', 'FORBIDDEN']],
      );
    });
  }
});
