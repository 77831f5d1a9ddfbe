import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Alternatives, everyOf, maxAlternatives, someOf } from '../../../src/auth/rules/alternatives.ts';

let compared = 0;
const sets = {
  meet: (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])],
  covers: (wider: readonly string[], narrower: readonly string[]) => {
    compared += 1;
    return wider.every((item) => narrower.includes(item));
  },
  sizeOf: (set: readonly string[]) => set.length,
};
const part = (...texts: readonly string[]): Alternatives<readonly string[]> => ({
  alternatives: texts.map((text) => text.split(' ')),
  isCapped: false,
});
const many = (letter: string, length: number) => part(...Array.from({ length }, (_, at) => `${letter}${at}`));

describe('alternatives', () => {
  it('keep their order, without the ones that another one covers', () => {
    assert.deepEqual(someOf(sets, [part('a b', 'c', 'a b c', 'c'), part('d', 'a')]), part('c', 'd', 'a'));
    assert.deepEqual(everyOf(sets, [part('a b', 'c'), part('c', 'd')], []), part('a b d', 'c'));
  });

  it('are the shortest ones if there are too many, and are marked as capped', () => {
    const { alternatives, isCapped } = someOf(sets, [part('x y'), many('a', maxAlternatives)]);
    assert.equal(isCapped, true);
    assert.deepEqual(alternatives, many('a', maxAlternatives).alternatives);
    assert.equal(someOf(sets, [many('a', maxAlternatives)]).isCapped, false);
  });

  it('stay capped in what is made of them, unless a part never holds', () => {
    const capped = someOf(sets, [many('a', 100)]);
    assert.equal(everyOf(sets, [capped, part('b')], []).isCapped, true);
    assert.equal(someOf(sets, [capped, part('b')]).isCapped, true);
    assert.deepEqual(everyOf(sets, [capped, part()], []), part());
  });

  it('of many long parts are compared a bounded number of times', () => {
    compared = 0;
    const parts = Array.from({ length: 10 }, (_, at) => many(`p${at}-`, 1_000));
    assert.equal(everyOf(sets, parts, []).alternatives.length, maxAlternatives);
    // Without the bound, one part alone is compared 1,000,000 times.
    assert.ok(compared < 10 * 4 * maxAlternatives ** 2, `${compared} comparisons`);
  });
});
