import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { measure } from '../../src/api/limits/measure.ts';

/** A slow and obvious counter: it puts every fragment in where it is spread. */
function expand(
  document: DocumentNode,
  { selections }: SelectionSetNode,
): { depth: number; cost: number; aliases: number } {
  let [depth, cost, aliases] = [0, 0, 0];
  for (const node of selections) {
    const set =
      node.kind === Kind.FRAGMENT_SPREAD
        ? document.definitions.find(
            (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === node.name.value,
          )
        : node;
    const inside =
      set && 'selectionSet' in set && set.selectionSet
        ? expand(document, set.selectionSet)
        : { depth: 0, cost: 0, aliases: 0 };
    const first = node.kind === Kind.FIELD ? node.arguments?.[0]?.value : undefined;
    const times = first?.kind === Kind.INT ? Number(first.value) : 1;
    const own = node.kind === Kind.FIELD ? 1 : 0;
    depth = Math.max(depth, own + inside.depth);
    cost += own + times * inside.cost;
    aliases += inside.aliases + (node.kind === Kind.FIELD && node.alias ? 1 : 0);
  }
  return { depth, cost, aliases };
}

/** Selections that may spread the fragments after the one they are in, so that none is within itself. */
const selections = (after: number, last: number): fc.Arbitrary<string> =>
  fc.letrec<{ set: string; selection: string }>((tie) => ({
    set: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(' ')} }`),
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('x', 'a: x', '__typename'),
      ...(after < last ? [fc.integer({ min: after + 1, max: last }).map((index) => `...f${index}`)] : []),
      fc
        .tuple(fc.constantFrom('x', 'b: x', 'x(first: 3)', '...', '... on T'), tie('set'))
        .map((parts) => parts.join(' ')),
    ),
  })).set;

const documents = fc
  .integer({ min: 0, max: 5 })
  .chain((last) =>
    fc.tuple(selections(-1, last), ...Array.from({ length: last + 1 }, (_, index) => selections(index, last))),
  )
  .map(([query, ...fragments]) => [query, ...fragments.map((set, index) => `fragment f${index} on T ${set}`)]);

test('B-16 looking at each fragment once counts what putting it in everywhere counts, in any order of definition', () => {
  const order = fc.tuple(documents, fc.array(fc.nat(), { minLength: 7, maxLength: 7 }));
  fc.assert(
    fc.property(order, ([definitions, keys]) => {
      const shuffled = definitions
        .map((text, index) => ({ text, key: keys[index] ?? 0 }))
        .sort((a, b) => a.key - b.key);
      const document = parse(shuffled.map(({ text }) => text).join(' '));
      const expected = { depth: 0, cost: 0, aliases: 0 };
      for (const node of document.definitions) {
        if (!('selectionSet' in node)) continue;
        const { depth, cost, aliases } = expand(document, node.selectionSet);
        expected.depth = Math.max(expected.depth, depth);
        expected.cost = Math.max(expected.cost, cost);
        expected.aliases = Math.max(expected.aliases, aliases);
      }
      const { depth, cost, aliases } = measure(document).found;
      assert.deepEqual({ depth, cost, aliases }, expected);
    }),
    { numRuns: 2_000 },
  );
});
