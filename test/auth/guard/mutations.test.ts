import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('B-13 mutations', () => {
  it('a dynamic rule of any root field denies before the first one runs', async () => {
    const runs: string[] = [];
    const guarded = guardOne(
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
      const answer = await ask(guarded, document, {}, as());
      assert.deepEqual(Object.values(answer.data as object), [null, null]);
      assert.equal(answer.errors.length, 1);
      assert.equal(denied(answer).length, 1);
    }
    assert.deepEqual(runs, []);
    await ask(guarded, 'mutation { a b(userId: "alice") }', {}, as({ account: 'alice' }));
    assert.deepEqual(runs, ['a', 'b']);
  });
});
