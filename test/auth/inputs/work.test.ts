import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, type GraphQLEnumType, graphql, parse } from 'graphql';
import { createInputInspector } from '../../../src/auth/inputs/input-rules.ts';
import { guardOne, person } from '../../support/rules.ts';

const uses = 550;
const values = 60_000;

/** A list that counts the reads of its items. */
function counted<T>(items: readonly T[]): { readonly list: readonly T[]; readonly reads: () => number } {
  let reads = 0;
  const list = new Proxy(items, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  return { list, reads: () => reads };
}

describe('E-10 plan and inspection are linear in document and variables', () => {
  const schema = buildSchema(`
    enum K { OPEN SHUT }
    scalar When
    input I { kinds: [K!] nested: [[K]] inner: [I!] at: [When] }
    type Query { f(kinds: [K!], i: I, many: [I!]): Int }`);
  const rules: Readonly<Record<string, readonly number[]>> = { 'K.SHUT': [1], When: [2] };
  const inspector = createInputInspector(
    schema,
    (type) => rules[type] ?? [],
    (type, member) => rules[`${type}.${member}`] ?? [],
    60,
  );
  const inputs = inspector.of(schema.getQueryType()?.getFields()['f']?.args ?? [], () => []);
  const many = Array.from({ length: values }, (_, index) => (index === values - 1 ? 'SHUT' : 'OPEN'));

  const given: Readonly<Record<string, (list: readonly unknown[]) => Record<string, unknown>>> = {
    'enum values': (kinds) => ({ kinds }),
    'enum values in a new object each time': (kinds) => ({ i: { kinds } }),
    'enum values, deep': (kinds) => ({ many: [{ inner: [{ inner: [{ kinds }] }] }] }),
    'enum values in lists of lists': (kinds) => ({ i: { nested: [kinds] } }),
  };
  for (const [name, args] of Object.entries(given)) {
    it(`E-10 ${uses} uses of one list of ${values} ${name} read each once`, () => {
      const { list, reads } = counted(many);
      for (let use = 0; use < uses; use += 1) assert.deepEqual(inputs?.(args(list)), [1]);
      assert.equal(reads(), values);
    });
  }

  it('E-10 scalars in lists too', () => {
    const { list, reads } = counted(Array.from({ length: values }, () => 'now'));
    for (let use = 0; use < uses; use += 1) assert.deepEqual(inputs?.({ i: { at: list } }), [2]);
    assert.equal(reads(), values);
  });

  it('E-10 the same list is inspected again for another type', () => {
    const list = ['SHUT'];
    assert.deepEqual(inputs?.({ i: { at: list } }), [2]);
    assert.deepEqual(inputs?.({ kinds: list }), [1]);
    assert.deepEqual(inputs?.({ i: { at: list, kinds: list } }), [1, 2]);
  });

  it(`E-10 an operation with ${uses} uses of one variable coerces and judges it once, planned and executed directly`, async () => {
    const guarded = guardOne(
      `enum K { OPEN SHUT @auth(scope: "k") } type Query { open: Int @public f(kinds: [K!]): Int @public } type Mutation { f(kinds: [K!]): Int @public }`,
    );
    const type = guarded.schema.getType('K') as GraphQLEnumType;
    const parseValue = type.parseValue.bind(type);
    let parsed = 0;
    type.parseValue = (value, hideSuggestions) => {
      parsed += 1;
      return parseValue(value, hideSuggestions);
    };
    const fields = Array.from({ length: uses }, (_, index) => `a${index}: f(kinds: $k)`).join(' ');
    const source = `mutation ($k: [K!]) { ${fields} }`;
    const variables = { k: many };
    const began = performance.now();
    const verdict = guarded.decideOperation({ document: parse(source), variables, principal: person() });
    assert.equal(verdict.kind, 'refuse');
    assert.equal(parsed, values);
    const { errors } = await graphql({
      schema: guarded.schema,
      source: source.replace('mutation', 'query'),
      variableValues: variables,
      contextValue: { principal: person() },
    });
    assert.equal(parsed, 2 * values);
    assert.ok(errors);
    // Inspecting the input at each use would take 66,000,000 steps.
    assert.ok(performance.now() - began < 20_000);
  });
});
