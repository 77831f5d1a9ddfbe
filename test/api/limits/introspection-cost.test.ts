import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, execute, getIntrospectionQuery, parse, validate } from 'graphql';
import { type ConfiguredLimits, defaultLimits } from '../../../src/api/limits/limits.ts';
import { measure } from '../../../src/api/limits/measure.ts';
import { limitsRule } from '../../../src/api/limits/rule.ts';
import { limitsFor } from '../../../src/api/limits/standard.ts';

const many = (length: number, of: (index: number) => string): string =>
  Array.from({ length }, (_, index) => of(index)).join(' ');

/** Makes a schema of object types. Each field has another type, and every second field has arguments. */
function schemaOf(types: number, fields: number) {
  const fieldsOf = (type: number): string =>
    many(fields, (field) => `f${field}${field % 2 ? '(a: Int b: I)' : ''}: T${(type + field) % types}`);
  return buildSchema(
    `type Query { t: T0 } input I { a: Int b: [I] } enum K { A B C } ${many(types, (type) => `type T${type} { ${fieldsOf(type)} }`)}`,
  );
}

const refusalsOf = (schema: ReturnType<typeof schemaOf>, source: string) =>
  validate(schema, parse(source), [limitsRule(defaultLimits)]).map((error) => error.originalError ?? error);

/** Counts the fields of an answer, at every depth. */
function fieldsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + fieldsIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, member) => sum + 1 + fieldsIn(member), 0);
}

describe('B-16 introspection counts as often as the lists of the schema answer it:', () => {
  const leaf = 'name description isDeprecated deprecationReason type { kind name description ofType { kind } }';

  it('one request that would answer with millions of fields is refused', () => {
    const schema = schemaOf(150, 15);
    const source = `{ ${many(20, (n) => `a${n}: __schema { types { fields { type { fields { ${leaf} } } } } }`)} }`;
    const [refusal, ...others] = refusalsOf(schema, source);
    assert.deepEqual(others, []);
    assert.match(refusal?.message ?? '', /the limit "introspectionCost": 1000000 allowed, \d{7,} found/);
  });

  it('the standard query of a schema of 1,000 types is not', () => {
    assert.deepEqual(refusalsOf(schemaOf(1_000, 10), getIntrospectionQuery()), []);
  });

  it('a type with many fields counts fully at each place where another type names it', () => {
    const big = many(1_000, (n) => `f${n}: Int`);
    const schema = buildSchema(
      `type Query { ${many(100, (n) => `b${n}: Big`)} } type Big { ${big} } ${many(900, (n) => `type T${n} { a: Int }`)}`,
    );
    const source = '{ __schema { types { fields { type { fields { name } } } } } }';
    const { data } = execute({ schema, document: parse(source) }) as { data: unknown };
    assert.ok(measure(parse(source), { schema }).found.introspectionCost >= fieldsIn(data));
    const [refusal] = refusalsOf(schema, `{ ${many(12, (n) => `a${n}: ${source.slice(1, -1)}`)} }`);
    assert.match(refusal?.message ?? '', /introspectionCost/);
  });

  const exact: readonly string[] = [
    '{ __schema { types { name } } }',
    '{ __schema { types { name fields(includeDeprecated: true) { name args { name } } } } }',
    '{ __schema { directives { name args { name type { kind } } } } }',
  ];
  for (const source of exact) {
    it(`the cost is at least the size of the answer, and little more, in ${source}`, () => {
      const schema = schemaOf(40, 7);
      const { data } = execute({ schema, document: parse(source) }) as { data: unknown };
      const { introspectionCost } = measure(parse(source), { schema }).found;
      const answered = fieldsIn(data);
      assert.ok(introspectionCost >= answered && introspectionCost < answered * 4, `${introspectionCost} ${answered}`);
    });
  }

  it('other fields have no introspection cost', () => {
    const schema = buildSchema('type Query { types: [T] } type T { fields: [T] name: String }');
    const { introspectionCost } = measure(parse('{ types { fields { fields { name } } } __typename }'), {
      schema,
    }).found;
    assert.equal(introspectionCost, 0);
  });
});

describe('a limit of introspection that is not configured grows with the schema:', () => {
  const large = schemaOf(10_000, 2);
  const configured = { ...defaultLimits, introspectionCost: null };
  const refusals = (schema: ReturnType<typeof schemaOf>, source: string, limits: ConfiguredLimits) =>
    validate(schema, parse(source), [limitsRule(limitsFor(schema, limits))]).map(({ message }) => message);
  const all = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });

  it('the standard query of a schema of 10,000 types is accepted, with all of its options', () => {
    for (const source of [all, getIntrospectionQuery()]) assert.deepEqual(refusals(large, source, configured), []);
  });

  it('twice the standard query is refused', () => {
    const twice = all
      .replace('__schema', '...S again: __schema')
      .concat(' fragment S on Query ', all.slice(all.indexOf('{'), all.indexOf('fragment')));
    const [refusal] = refusals(large, twice, configured);
    assert.match(refusal ?? '', /the limit "introspectionCost": \d{7} allowed, \d{7,} found/);
  });

  it('a document that multiplies the lists of a large schema is refused', () => {
    const wide = buildSchema(
      `type Query { t0: T0 } ${many(1_000, (type) => `type T${type} { ${many(30, (n) => `f${n}: T${n}`)} }`)}`,
    );
    const leaf = 'name description type { name kind description ofType { name kind description } }';
    const source = `{ __schema { types { fields { type { fields { ${leaf} } } } } } }`;
    assert.deepEqual(refusals(wide, all, configured), []);
    assert.match(refusals(wide, source, configured)[0] ?? '', /the limit "introspectionCost"/);
  });

  it('a small schema has the default, and a configured limit is exact', () => {
    const small = schemaOf(10, 3);
    assert.equal(limitsFor(small, configured).introspectionCost, 1_000_000);
    assert.equal(limitsFor(large, defaultLimits).introspectionCost, 1_000_000);
    assert.match(refusals(large, all, defaultLimits)[0] ?? '', /the limit "introspectionCost": 1000000 allowed/);
  });
});
