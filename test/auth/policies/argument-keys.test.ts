import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createArgumentKeys } from '../../../src/auth/policies/argument-keys.ts';
import { ask, guardOne, person } from '../../support/rules.ts';

describe('E-10 the arguments of policy requests are inspected once', () => {
  it('E-10 one list of a variable has a short key, and is read once for 10,000 requests', () => {
    const nameOf = createArgumentKeys();
    let reads = 0;
    const ids = new Proxy(
      Array.from({ length: 60_000 }, () => 'ab'),
      {
        get(target, key, receiver) {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
          return Reflect.get(target, key, receiver);
        },
      },
    );
    const names = Array.from({ length: 10_000 }, () => nameOf({ ids, within: { ids } }) ?? '');
    assert.equal(new Set(names).size, 1);
    assert.ok((names[0] ?? '').length < 200, names[0]?.slice(0, 200));
    assert.equal(reads, 60_000);
  });

  it('E-10 keys are equal for equal arguments only', () => {
    const nameOf = createArgumentKeys();
    const long = 'x'.repeat(100);
    const different: readonly Readonly<Record<string, unknown>>[] = [
      {},
      { a: null },
      { a: 1 },
      { a: '1' },
      { a: true },
      { a: 'true' },
      { a: [] },
      { a: [[]] },
      { a: {} },
      { a: ['1,2'] },
      { a: ['1', '2'] },
      { a: [1, 2] },
      { a: long },
      { a: 's0' },
      { a: 'o1' },
      { a: [long] },
      { a: { b: long } },
      { a: JSON.stringify([long]) },
      { a: 1, b: 2 },
      { a: '1,b:2' },
      { a: { b: 1, c: 2 } },
      { a: { b: { c: 2 } } },
    ];
    const names = different.map((args) => nameOf(args));
    assert.ok(!names.includes(null));
    assert.equal(new Set(names).size, different.length);
    assert.deepEqual(
      structuredClone(different).map((args) => nameOf(args)),
      names,
    );
    for (const value of [undefined, -0, Number.NaN, 1n, new Date(0), new Map(), [undefined], { toJSON: 1 }, () => 1]) {
      assert.equal(nameOf({ a: value }), null);
      assert.equal(nameOf({ a: [{ b: value }] }), null);
    }
  });

  it('E-10 a policy of 1,000 values with a large argument is asked once for each value', async () => {
    let asked = 0;
    const guarded = guardOne(
      'type Query { items: [Item!] @public } type Item { name(ids: [ID!]): Int @auth(policy: "p") }',
      {
        resolvers: { Query: { items: () => Array.from({ length: 1_000 }, () => ({ name: 1 })) } },
        policies: {
          p: (requests) => {
            asked += requests.length;
            return requests.map(({ args }) => (args as { ids: unknown[] }).ids.length === 10_000);
          },
        },
      },
    );
    const source = `query ($ids: [ID!]) { items { a: name(ids: $ids) b: name(ids: $ids) c: name(ids: ["1"]) } }`;
    const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
    const { data } = await ask(guarded, source, person(), { ids });
    assert.deepEqual((data as { items: unknown[] }).items[999], { a: 1, b: 1, c: null });
    assert.equal(asked, 2_000);
  });
});
