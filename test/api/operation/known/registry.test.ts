import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRegistry } from '../../../../src/api/operation/known/registry.ts';

describe('the registry of known documents', () => {
  it('never removes a text that is used again for any number of texts that are used once', () => {
    const registry = createRegistry<number>({ entries: 100, bytes: 100_000 });
    for (let index = 0; index < 50; index += 1) {
      registry.add(`known ${index}`, index, 100);
      registry.find(`known ${index}`);
    }
    for (let index = 0; index < 10_000; index += 1) registry.add(`once ${index}`, index, 500);
    for (let index = 0; index < 50; index += 1) assert.equal(registry.find(`known ${index}`), index);
    assert.ok(registry.entries <= 100 && registry.bytes <= 100_000);
  });

  it('keeps all texts that fit, also if they are sent in turns', () => {
    const registry = createRegistry<number>({ entries: 100, bytes: 100_000 });
    for (let index = 0; index < 100; index += 1) registry.add(`text ${index}`, index, 1_000);
    for (let turn = 0; turn < 5; turn += 1) {
      for (let index = 0; index < 100; index += 1) assert.equal(registry.find(`text ${index}`), index);
    }
    assert.equal(registry.entries, 100);
    assert.equal(registry.bytes, 100_000);
  });

  it('keeps a text that is used between texts that are used twice', () => {
    const registry = createRegistry<number>({ entries: 100, bytes: 100_000 });
    registry.add('known', 0, 100);
    for (let index = 0; index < 10_000; index += 1) {
      registry.add(`twice ${index}`, index, 100);
      registry.find(`twice ${index}`);
      if (index % 10 === 0) assert.equal(registry.find('known'), 0);
    }
    assert.ok(registry.entries <= 100 && registry.bytes <= 100_000);
    assert.equal(registry.find('twice 0'), undefined);
    assert.equal(registry.find('twice 9999'), 9_999);
  });

  it('never exceeds its bounds, for any sizes and any order of the uses', () => {
    const bytes = 10_000;
    const registry = createRegistry<number>({ entries: 40, bytes });
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const sizes = new Map<string, number>();
    for (let step = 0; step < 20_000; step += 1) {
      const text = String(random(200));
      if (registry.find(text) === undefined) {
        const size = random(2_000);
        sizes.set(text, size);
        registry.add(text, step, size);
        assert.equal(registry.has(text), size <= bytes / 8);
      }
      const held = [...sizes].filter(([name]) => registry.has(name));
      assert.equal(registry.entries, held.length);
      assert.equal(
        registry.bytes,
        held.reduce((sum, [, size]) => sum + size, 0),
      );
      assert.ok(registry.entries <= 40 && registry.bytes <= bytes);
    }
  });
});
