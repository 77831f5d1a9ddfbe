import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareAnswers, summaryOf } from '../../src/explorer/client/run/answers/differences.ts';
import { linesOf, maxDepth } from '../../src/explorer/client/run/answers/lines.ts';
import { pathText } from '../../src/explorer/client/run/answers/path.ts';

function found(answers: readonly unknown[]) {
  return compareAnswers(answers).differences.map(({ paths }) => paths.map((path) => (path ? pathText(path) : null)));
}

function nested(depth: number, leaf: unknown): unknown {
  let value = leaf;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}

describe('the differences of answers', () => {
  it('finds none in equal answers, whatever the order of their keys', () => {
    const comparison = compareAnswers([
      { a: 1, b: [{}, []] },
      { b: [{}, []], a: 1 },
    ]);
    assert.deepEqual(comparison.differences, []);
    assert.equal(summaryOf(comparison), 'The answers are equal.');
  });

  it('marks a field that is null for one of three callers, and counts fields', () => {
    const order = (customer: string | null) => ({
      orders: [
        { item: 'Lamp', customer },
        { item: 'Desk', customer: 'Alan' },
      ],
    });
    const answers = [order('Grace'), order(null), order('Grace')];
    assert.deepEqual(found(answers), [['orders[0].customer', 'orders[0].customer', 'orders[0].customer']]);
    assert.equal(summaryOf(compareAnswers(answers)), '1 of 4 fields differs.');
  });

  it('counts every field of the other answers where one operation was refused', () => {
    const comparison = compareAnswers([undefined, { a: 1, b: { c: 2, d: [3, 4] } }]);
    assert.equal(comparison.differences.length, 1);
    assert.deepEqual(comparison.differences[0]?.paths, [null, []]);
    assert.equal(summaryOf(comparison), '4 of 4 fields differ.');
  });

  it('compares the other answers with each other where one was refused or is null', () => {
    const viewer = (account: unknown) => ({ scopes: ['a', 'b'], viewer: { subject: 's', account } });
    const answers = [undefined, viewer(null), viewer({ email: 'e', roles: [] })];
    assert.deepEqual(found(answers), [
      [null, 'data', 'data'],
      [null, 'viewer.account', 'viewer.account'],
    ]);
    assert.equal(summaryOf(compareAnswers(answers)), '5 of 5 fields differ.');
    assert.deepEqual(
      compareAnswers(answers).differences.map(({ isWhole }) => isWhole),
      [false, true],
    );
    const lists = compareAnswers([{ a: [] }, { a: [1, 2] }, { a: [1, 3] }]);
    assert.deepEqual([lists.differing, lists.fields, lists.differences.length], [2, 2, 2]);
  });

  it('says that refused operations of all callers are equal', () => {
    assert.deepEqual(found([undefined, undefined]), []);
  });

  it('compares items of lists by their ID, so that one missing item marks only itself', () => {
    const all = {
      orders: [
        { id: 1, x: 'a' },
        { id: 2, x: 'b' },
        { id: 3, x: 'c' },
      ],
    };
    const some = {
      orders: [
        { id: 2, x: 'b' },
        { id: 3, x: 'C' },
      ],
    };
    assert.deepEqual(found([all, some]), [
      ['orders[0]', null],
      ['orders[2].x', 'orders[1].x'],
    ]);
  });

  it('compares items by their index if an ID is missing or appears twice', () => {
    assert.deepEqual(found([[{ id: 1 }, { id: 1 }], [{ id: 1 }]]), [['[1]', null]]);
    assert.deepEqual(found([['a', 'b'], ['b']]), [
      ['[0]', '[0]'],
      ['[1]', null],
    ]);
  });

  it('tells null from an absent field, an object from a list, and an empty list from an empty object', () => {
    assert.deepEqual(found([{ a: null }, {}]), [['a', null]]);
    assert.deepEqual(found([{ a: {} }, { a: [] }]), [['a', 'a']]);
    assert.deepEqual(found([{ a: { b: 1 } }, { a: [1] }]), [['a', 'a']]);
    assert.deepEqual(found([{ a: {} }, { a: { b: 1 } }]), [[null, 'a.b']]);
  });

  it('reads own members only', () => {
    const answers = [JSON.parse('{"__proto__": 1, "constructor": 2}'), {}];
    assert.deepEqual(found(answers), [
      ['__proto__', null],
      ['constructor', null],
    ]);
  });

  it('does not exhaust the stack on scalars that are nested 20,000 deep, and says what it left out', () => {
    const comparison = compareAnswers([nested(20_000, 1), nested(20_000, 2)]);
    assert.equal(comparison.isPartial, true);
    assert.match(summaryOf(comparison), /^No difference was found\. .*only a part/);
    assert.equal(linesOf(nested(20_000, 1), { limit: 1_000 }).lines.length, 2 * maxDepth + 1);
  });

  it('needs little time and memory for lists with millions of items, and for wide lists in deep ones', () => {
    const list = (length: number, start: number) => Array.from({ length }, (_, index) => start + (index % 7));
    const deep = (value: unknown) => nested(490, value);
    const cases: readonly (readonly unknown[])[] = [
      [{ json: list(2_000_000, 0) }, { json: list(2_000_000, 1) }],
      [deep(list(90_000, 0)), deep(list(90_000, 1)), deep(list(90_000, 2))],
      // Each level has many items besides the next level.
      [1, 2].map((start) => {
        let value: unknown = start;
        for (let level = 0; level < 40; level += 1) value = [value, ...list(20_000, start)];
        return value;
      }),
    ];
    for (const answers of cases) {
      const comparison = compareAnswers(answers);
      assert.equal(comparison.isPartial, true);
      const steps = comparison.differences.flatMap(({ paths }) => paths.map((path) => path?.length ?? 0));
      assert.ok(comparison.differences.length <= 100_000);
      assert.ok(steps.reduce((sum, length) => sum + length, 0) < 10_000_000);
    }
  });

  it('stops at its bound and says so', () => {
    const list = (value: number) => Array.from({ length: 500 }, () => value);
    const comparison = compareAnswers([list(1), list(2)], 100);
    assert.equal(comparison.isPartial, true);
    assert.match(summaryOf(comparison), /only a part of them was compared/);
  });
});

describe('the lines of an answer', () => {
  it('write the same text as JSON.stringify', () => {
    const values = [null, 'a"\n<b>', 3, [], {}, { a: [1, { b: [] }], 'c d': { e: null } }, [[[]], [{}]]];
    for (const value of values) {
      const { lines } = linesOf(value, { limit: 1_000 });
      const text = lines.map(({ depth, key, text, kind, isLast }) => {
        const comma = isLast || kind === 'begin' ? '' : ',';
        return `${'  '.repeat(depth)}${key === null ? '' : `${key}: `}${text}${comma}`;
      });
      assert.equal(text.join('\n'), JSON.stringify(value, null, 2));
    }
  });

  it('carry the path of their value, and stop at the limit', () => {
    const { lines, isCut } = linesOf({ a: [{ b: 1 }] }, { path: ['data'], limit: 4 });
    assert.deepEqual(
      lines.map(({ path }) => pathText(path)),
      ['data', 'data.a', 'data.a[0]', 'data.a[0].b'],
    );
    assert.equal(isCut, true);
  });

  it('end at a fixed depth, because each line has a path, and take only what is shown of a long list', () => {
    const { lines, isCut } = linesOf(nested(20_000, 1), { limit: 11_000 });
    assert.equal(lines.length, 2 * maxDepth + 1);
    assert.equal(isCut, false);
    assert.equal(lines[maxDepth]?.text, '{…} nested more than 200 levels deep');
    const list = Array.from({ length: 1_000_000 }, () => 1);
    assert.equal(linesOf(list, { limit: 5 }).lines.length, 5);
    const short = linesOf([1, 2], { limit: 10 }).lines;
    assert.deepEqual(
      short.map(({ isLast, path }) => [isLast, ...path]),
      [[true], [false, 0], [true, 1], [true]],
    );
  });

  it('cut long strings and say how much is missing', () => {
    const [line] = linesOf('x'.repeat(12_345), { limit: 1 }).lines;
    assert.match(String(line?.text), /^"x+" … 2345 more characters$/);
  });
});
