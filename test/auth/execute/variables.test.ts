import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { buildSchema, getVariableValues, GraphQLString, Kind, parse } from 'graphql';
import { createInputPlanner } from '../../../src/auth/execute/prepare/input-plan.ts';
import { planVariables } from '../../../src/auth/execute/prepare/plan-variables.ts';

const schema = buildSchema(`
  scalar Any
  enum Colour { RED GREEN }
  input Inner { i: Int!  s: String = "x"  toString: ID  self: Inner  list: [[Int!]] = [[1]]  any: Any }
  input Outer { a: Inner!  b: [Inner]  c: Colour = RED }
  input One @oneOf { i: Int  s: String }
  type Query { a: Int }
`);
const planInput = createInputPlanner();

const types = [
  'Int',
  'Int!',
  'Float',
  'String!',
  'ID',
  'Boolean',
  'Colour',
  'Any',
  'One',
  'Inner',
  'Outer!',
  '[Int!]',
  '[[String]!]!',
  '[Outer]',
  '[Colour!]!',
]; // prettier-ignore
const defaults: Readonly<Record<string, string>> = { Int: '1', Inner: '{ i: 1 }', '[Int!]': '[1]', Colour: 'GREEN' };

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    false,
    0,
    -0,
    1,
    1.5,
    2 ** 31,
    -(2 ** 31),
    Number.NaN,
    '',
    '1',
    'RED',
    'BLUE',
  ),
  fc.constantFrom<unknown>(10n, Symbol.iterator, () => 1, new Set([1]), new Date(0), Object.create({ i: 1 })),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('i', 's', 'a', 'b', 'c', 'self', 'list', 'any', 'toString', '__proto__', 'odd'),
          tie('value'),
        ),
        {
          maxLength: 4,
        },
      )
      .map((members) => {
        const made = {};
        for (const [key, value] of members)
          Object.defineProperty(made, key, { value, enumerable: true, configurable: true });
        return made;
      }),
    tie('value').map((value) => ({ i: 1, self: value })),
    tie('value').map((value) => ({ a: { i: 1, list: [value] }, b: [value] })),
  ),
}));

/** Returns a value with the prototypes of its objects, and with the order of their members. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null || value instanceof Set || value instanceof Date) return value;
  return [Object.getPrototypeOf(value), Object.entries(value).map(([key, member]) => [key, shapeOf(member)])];
}

it('coerces variables as graphql-js does', (t) => {
  const seen = { coerced: 0, faulty: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.boolean(), fc.boolean(), anyValue, (type, hasDefault, isSent, value) => {
      const fallback = hasDefault && defaults[type] !== undefined ? ` = ${defaults[type]}` : '';
      const [operation] = parse(`query ($v: ${type}${fallback}, $w: Int) { a }`).definitions;
      assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
      const sent = { ...(isSent && { v: value }), w: 3, unknown: 1 };
      const wanted = getVariableValues(schema, operation.variableDefinitions ?? [], sent).coerced ?? null;
      const found = planVariables(schema, operation, planInput)(sent);
      assert.deepEqual(shapeOf(found), shapeOf(wanted));
      seen[found === null ? 'faulty' : 'coerced'] += 1;
    }),
    { numRuns: 5_000 },
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.coerced > 500 && seen.faulty > 500, JSON.stringify(seen));
});

it('calls a built-in scalar whose coercion was replaced', () => {
  const [operation] = parse('query ($v: String) { a }').definitions;
  assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
  const coerce = planVariables(schema, operation, planInput);
  const { parseValue } = GraphQLString;
  GraphQLString.parseValue = () => 'replaced';
  try {
    assert.equal(coerce({ v: 'a' })?.['v'], 'replaced');
  } finally {
    GraphQLString.parseValue = parseValue;
  }
  assert.equal(coerce({ v: 'a' })?.['v'], 'a');
});
