import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createStamps } from '../../src/protocol/stamps.ts';

it('stores values that no other code can see', () => {
  const numbers = createStamps<number>();
  const others = createStamps<number>();
  const frozen = Object.freeze({ a: 1 });
  const trapped = new Proxy({ a: 1 }, { has: () => assert.fail(), get: () => 0, defineProperty: () => assert.fail() });
  for (const target of [{ a: 1 }, Object.create(null), [1], () => 1, new Error('e'), frozen, trapped, new Map()]) {
    assert.equal(numbers.get(target), undefined);
    const keys = target === trapped ? [] : Reflect.ownKeys(target);
    numbers.set(target, 1);
    numbers.set(target, 2);
    others.set(target, 3);
    assert.deepEqual([numbers.get(target), others.get(target)], [2, 3]);
    if (target !== trapped) assert.deepEqual(Reflect.ownKeys(target), keys);
  }
  for (const target of [undefined, null, 1, 'text', Symbol.iterator]) {
    assert.equal(numbers.get(target), undefined);
    assert.throws(() => numbers.set(target as unknown as object, 1), TypeError);
  }
  const stamped = { a: 1 };
  numbers.set(stamped, 1);
  assert.deepEqual([numbers.get({ ...stamped }), numbers.get(Object.create(stamped))], [undefined, undefined]);
  assert.equal(JSON.stringify(structuredClone(stamped)), '{"a":1}');
});
