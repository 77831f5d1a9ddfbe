import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, guardOne, person } from '../../support/rules.ts';

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
      const { data, errors } = await ask(guarded, document, person());
      assert.deepEqual(Object.values(data as object), [null, null]);
      assert.equal(errors.length, 1, JSON.stringify(errors));
    }
    assert.deepEqual(runs, []);
    await ask(guarded, 'mutation { a b(userId: "alice") }', person());
    assert.deepEqual(runs, ['a', 'b']);
  });
});
