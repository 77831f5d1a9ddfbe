import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { buildSchema, type DocumentNode, type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { measure } from '../../src/api/limits/measure.ts';

const schema = buildSchema(`
  type Query { x(first: Int): T t(first: Int): T l: [T] p(first: Int = 4): P q(first: Int): P }
  type T { x(first: Int): T t(first: Int): T l: [T] p(first: Int = 4): P q(first: Int): P }
  type P { x(first: Int): T t(first: Int): T l: [T] p(first: Int = 4): P q(first: Int): P }
`);

/**
 * Returns the size by which a field multiplies the fields below it, and whether this size also counts for its lists.
 */
function sizes(node: FieldNode, inPage: boolean): { times: number; isPage: boolean } {
  const first = node.arguments?.[0]?.value;
  const given = first?.kind === Kind.INT ? Number(first.value) : undefined;
  const stated = given ?? (node.name.value === 'p' && first === undefined ? 4 : undefined);
  if (node.name.value === 'l') return { times: inPage ? 1 : 10, isPage: false };
  return { times: stated ?? 1, isPage: stated !== undefined };
}

/** A slow and simple counter. It replaces each spread by its fragment. */
function expand(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  inPage = false,
): { depth: number; cost: number; aliases: number } {
  let [depth, cost, aliases] = [0, 0, 0];
  for (const node of selections) {
    const set =
      node.kind === Kind.FRAGMENT_SPREAD
        ? document.definitions.find(
            (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === node.name.value,
          )
        : node;
    const { times, isPage } = node.kind === Kind.FIELD ? sizes(node, inPage) : { times: 1, isPage: inPage };
    const inside =
      set && 'selectionSet' in set && set.selectionSet
        ? expand(document, set.selectionSet, isPage)
        : { depth: 0, cost: 0, aliases: 0 };
    const own = node.kind === Kind.FIELD ? 1 : 0;
    depth = Math.max(depth, own + inside.depth);
    cost += own + times * inside.cost;
    aliases += inside.aliases + (node.kind === Kind.FIELD && node.alias ? 1 : 0);
  }
  return { depth, cost, aliases };
}

/** Selections that may spread later fragments only, so that no fragment contains itself. */
const selections = (after: number, last: number): fc.Arbitrary<string> =>
  fc.letrec<{ set: string; selection: string }>((tie) => ({
    set: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(' ')} }`),
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('x', 'a: x', '__typename'),
      ...(after < last ? [fc.integer({ min: after + 1, max: last }).map((index) => `...f${index}`)] : []),
      fc
        .tuple(
          fc.constantFrom(
            'x',
            'b: x',
            'x(first: 3)',
            't',
            'l',
            'p',
            'p(first: 2)',
            'p(first: null)',
            'q',
            'q(first: 2)',
            '...',
            '... on T',
          ),
          tie('set'),
        )
        .map((parts) => parts.join(' ')),
    ),
  })).set;

const documents = fc
  .integer({ min: 0, max: 5 })
  .chain((last) =>
    fc.tuple(selections(-1, last), ...Array.from({ length: last + 1 }, (_, index) => selections(index, last))),
  )
  .map(([query, ...fragments]) => [query, ...fragments.map((set, index) => `fragment f${index} on T ${set}`)]);

it('B-16, E-8 visiting each fragment once gives the same count as replacing each spread by its fragment, in any order of definition', () => {
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
        // A fragment counts fully at each place where it is spread.
        const isFragment = node.kind === Kind.FRAGMENT_DEFINITION;
        const { depth, cost, aliases } = expand(document, node.selectionSet, isFragment);
        expected.depth = Math.max(expected.depth, depth);
        expected.cost = Math.max(expected.cost, cost);
        expected.aliases = Math.max(expected.aliases, aliases);
      }
      const { depth, cost, aliases } = measure(document, { schema }).found;
      assert.deepEqual({ depth, cost, aliases }, expected);
    }),
    { numRuns: 2_000 },
  );
});
