import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, isInputType, isScalarType, parse, validate } from 'graphql';
import { literalOf } from '../../src/tools/values/literal.ts';
import { createValues, type ValueOptions } from '../../src/tools/values/values.ts';

const schema = buildSchema(`
  type Query {
    all(id: ID!, text: String!, at: DateTime!, odd: Odd!, list: [[Item!]!]!, item: Item!, one: One!, free: Int, kind: Kind!): Int
  }
  scalar DateTime scalar Odd
  input Item { name: String! items: [Item!]! note: String preset: Int! = 3 one: One }
  input One @oneOf { not: One and: [One!] endless: Endless only: Item id: ID }
  input Endless @oneOf { again: Endless }
  enum Kind { RULED FREE OTHER }
`);
const odd = schema.getType('Odd');
assert.ok(isScalarType(odd));
odd.parseValue = (value) => {
  if (typeof value !== 'number') throw new TypeError('no number');
  return value;
};

const field = schema.getQueryType()?.getFields()['all'];
assert.ok(field);
const written = (options: Partial<ValueOptions> = {}): string => {
  const values = createValues({ isRuled: (at) => at === 'Kind.RULED', fillsLists: false, ...options });
  const given = values.requiredArguments('Query', 'all', field.args);
  const text = given.map(({ name, type, value }) => `${name}: ${literalOf(value, type)}`).join(', ');
  assert.deepEqual(validate(schema, parse(`{ all(${text}) }`)), []);
  return text;
};

describe('values of required arguments', () => {
  it('17.4-7 are valid, with only the required parts, and a value that a scalar accepts', () => {
    assert.equal(
      written(),
      'id: "example", text: "example", at: "2026-01-01T00:00:00Z", odd: 1, list: [], ' +
        'item: { name: "example", items: [] }, one: { and: [] }, kind: FREE',
    );
  });

  it('17.4-7 end, although an input may have itself as a member or in a list', () => {
    const texts = Array.from({ length: 8 }, (_, choice) => written({ choice, fillsLists: true }));
    assert.ok(texts.every((text) => text.length < 1_000));
    assert.ok(texts.some((text) => text.includes('one: { not: { ')));
    assert.ok(texts.every((text) => !text.includes('endless')));
    assert.deepEqual(new Set(texts.map((text) => /kind: (\w+)/.exec(text)?.[1])), new Set(['FREE', 'OTHER', 'RULED']));
  });

  it('17.4-7 are the examples by coordinate and by scalar, and the preferred values of scalars', () => {
    const examples = { 'Query.all(id:)': '42', 'Query.all(free:)': 7, 'Item.note': 'n', Odd: 5, 'One.id': 'x' };
    assert.match(
      written({ examples, scalars: { ID: 'stranger', String: 'attack' } }),
      /^id: "42", text: "attack", at: .*odd: 5, .*item: \{ name: "attack", items: \[\], note: "n" \}, one: \{ id: "x" \}, free: 7,/,
    );
    assert.match(written({ scalars: { ID: 'stranger' } }), /^id: "stranger"/);
    const type = schema.getType('Endless');
    assert.ok(isInputType(type));
    assert.deepEqual(createValues({ isRuled: () => false, fillsLists: true }).of(type, 'x'), {});
  });
});
