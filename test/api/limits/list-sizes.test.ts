import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { defaultLimits } from '../../../src/api/limits/limits.ts';
import { measure } from '../../../src/api/limits/measure.ts';
import { nobody, openApi, policy, refusalOf, stepsOf } from '../fixture.ts';

const schema = buildSchema(`
  scalar Big
  interface Shelf { items(first: Int = 2): [Item] all: [Item] }
  type Small implements Shelf { items(first: Int = 3): [Item] all: [Item] }
  type Large implements Shelf { items(first: Int = 500, last: Int = 900): [Item] all(first: Int = 700): [Item] }
  type Item { name: String shelf: Shelf shelves: [Shelf!]! grid: [[Item!]!] page(first: Int! = 20, after: String): ItemConnection! }
  type ItemConnection { edges: [ItemEdge!]! nodes: [Item!]! pageInfo: Info! }
  type ItemEdge { cursor: String! node: Item! }
  type Info { more: Boolean! }
  type Query {
    item: Item
    items: [Item]
    few(first: Int = 4): [Item]
    many(first: Int, last: Int = 30): [Item]
    big(first: Big = "5000"): [Item]
    half(first: Float): [Item]
    where(first: Options): [Item]
    shelf: Shelf
    tags: [String]
  }
  input Options { size: Int }
`);

const cost = (source: string, variables: Record<string, unknown> = {}, listItems = 10) =>
  measure(parse(source), { schema, variables, listItems }).found.cost;

describe('E-8 the cost of a list', () => {
  const counted: readonly (readonly [string, string, number])[] = [
    ['the default of the schema', '{ few { name } }', 1 + 4],
    ['a literal in the place of the default', '{ few(first: 6) { name } }', 1 + 6],
    ['ten if no size is stated', '{ items { name } }', 1 + 10],
    ['ten for null, which takes the default away', '{ few(first: null) { name } }', 1 + 10],
    ['ten for a negative number, which may mean all', '{ few(first: -1) { name } }', 1 + 10],
    ['one for a size of zero', '{ few(first: 0) { name } }', 1 + 1],
    ['the default of an argument next to the given one', '{ many(first: 2) { name } }', 1 + 30],
    ['no number of another type: a string in words', '{ big(first: "all") { name } }', 1 + 10],
    ['a default that is a string', '{ big { name } }', 1 + 5_000],
    ['a number in a string', '{ big(first: "70") { name } }', 1 + 70],
    ['a fraction, rounded up', '{ half(first: 2.1) { name } }', 1 + 3],
    ['a power of ten', '{ half(first: 1e3) { name } }', 1 + 1_000],
    ['an object', '{ where(first: { size: 7 }) { name } }', 1 + 10],
    ['a list of lists', '{ item { grid { name } } }', 1 + 1 + 100],
    ['lists in lists', '{ items { shelves { all { name } } } }', 1 + 10 * (1 + 10 * (1 + 700))],
    ['a connection, whose lists have its size', '{ item { page { nodes { name } } } }', 1 + 1 + 20 * (1 + 1)],
    ['a connection by a literal', '{ item { page(first: 3) { edges { node { name } } } } }', 1 + 1 + 3 * (1 + 1 + 1)],
    [
      'a list further down in a connection',
      '{ item { page(first: 3) { nodes { grid { name } } } } }',
      1 + 1 + 3 * (1 + 1 + 100),
    ],
    [
      'a connection in a connection',
      '{ item { page { nodes { page { nodes { name } } } } } }',
      1 + 1 + 20 * (1 + 1 + 40),
    ],
    [
      'a fragment in a connection, with and without a stated size',
      '{ item { page(first: 2) { ...c } } } fragment c on ItemConnection { nodes { ... { name } } }',
      1 + 1 + 2 * (1 + 1),
    ],
    ['the greatest default of the types behind an interface', '{ shelf { items { name } } }', 1 + 1 + 900],
    ['a default that only an implementer has', '{ shelf { all { name } } }', 1 + 1 + 700],
    ['the default of a type that a fragment names', '{ shelf { ... on Small { items { name } } } }', 1 + 1 + 3],
    ['fields, and no values of leaves', '{ tags }', 1],
    ['no introspection', '{ __schema { types { name } } }', 1],
  ];
  for (const [name, source, expected] of counted) {
    it(`E-8 counts ${name}`, () => assert.equal(cost(source), expected));
  }

  it('E-8 counts a variable by its value, of any type', () => {
    const source = 'query ($n: Int) { few(first: $n) { name } }';
    for (const [given, size] of [
      [7, 7],
      [-3, 10],
      [null, 10],
      [{ size: 7 }, 10],
      [[7], 10],
      [true, 10],
      ['7', 7],
      ['all', 10],
      [2.5, 3],
      [Number.NaN, 10],
      [Number.POSITIVE_INFINITY, 1_000_000_000],
      [1e300, 1_000_000_000],
    ] as const) {
      assert.equal(cost(source, { n: given }), 1 + size, JSON.stringify(given));
    }
    assert.equal(cost(source), 1 + 4, 'absent: the default of the schema');
    assert.equal(cost('query ($n: Int = 6) { few(first: $n) { name } }'), 1 + 6, 'the default of the operation');
    assert.equal(cost('query ($n: Int = null) { few(first: $n) { name } }'), 1 + 10, 'a default of null');
  });

  it('E-8 counts lists without a stated size by the configured number', () => {
    assert.equal(cost('{ items { shelves { items { name } } } }', {}, 3), 1 + 3 * (1 + 3 * (1 + 900)));
  });

  it('E-8 stays a comparable number for huge nested pages of any depth', () => {
    const deep = `{ ${'item { page(first: 2147483647) { nodes { '.repeat(60)} name ${'} } }'.repeat(60)} }`;
    assert.ok(cost(deep) > defaultLimits.cost);
  });
});

/** Returns the code and limit of every error that a transport answers with. */
function refusalsOf(source: string, variables: Record<string, unknown>, operationName?: string) {
  const document = parse(source);
  const errors = validate(schema, document, [...specifiedRules, ...stepsOf(policy).validationRules]);
  const check = refusalOf({ document, variables, operationName, principal: nobody }, policy);
  return [...errors.map(({ originalError }) => originalError), ...(check ? [check] : [])].map((error) =>
    error && 'evidence' in error ? error.evidence : error,
  );
}

describe('E-8 the cost limit', () => {
  it('E-8 refuses pages of pages by their defaults alone', () => {
    const nested = '{ items { page { nodes { page { nodes { page { nodes { name } } } } } } } }';
    assert.deepEqual(refusalsOf(nested, {}), [{ limit: 'cost', allowed: 10_000, found: cost(nested) }]);
  });

  it('E-8 refuses only by the variables of the operation that runs', () => {
    const source = `query small($n: Int = 5) { few(first: $n) { name } } query large($n: Int = 20000) { few(first: $n) { name } }`;
    assert.deepEqual(refusalsOf(source, {}, 'small'), []);
    assert.deepEqual(refusalsOf(source, {}, 'large'), [{ limit: 'cost', allowed: 10_000, found: 20_001 }]);
    assert.deepEqual(refusalsOf(source, { n: 30_000 }, 'small'), [{ limit: 'cost', allowed: 10_000, found: 30_001 }]);
  });
});

describe('E-8 the shipped API within the default limits', () => {
  const ordinary: Readonly<Record<string, string>> = {
    'introspection of graphql-js': getIntrospectionQuery(),
    'introspection of GraphiQL': getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
    }),
    scopes: '{ scopes { name description requiresRole } }',
    'whole accounts with their grants': `{ accounts { pageInfo { hasNextPage endCursor } nodes { id email roles disabled createdAt
      grants { nodes { id scopes createdAt expiresAt application { id clientId name } } } } } }`,
    'a page of a hundred events with their accounts': `{ auditEvents(first: 100) { pageInfo { hasNextPage endCursor }
      edges { cursor node { id at count type outcome coordinate rule clientId detail account { id email } } } } }`,
    'applications with their grants and givers': `{ applications { nodes { id clientId name redirectUris scopes
      grants(first: 10) { nodes { id scopes account { id email } } } } } }`,
    'oneself with sessions, grants and applications': `{ viewer { subject clientId issuer scopes expiresAt account { id email
      signInSessions { nodes { id userAgent signedInAt current } } grants { nodes { id application { name } } }
      applications { nodes { id name } } } } }`,
  };
  it('E-8 answers introspection and ordinary queries', async (t) => {
    const { schema: api } = await openApi(t);
    for (const [name, source] of Object.entries(ordinary)) {
      const document = parse(source);
      const errors = validate(api, document, [...specifiedRules, ...stepsOf(policy).validationRules]);
      assert.deepEqual(errors, [], name);
      assert.equal(refusalOf({ document, principal: nobody }, policy), null, name);
    }
  });

  it('E-8 refuses four nested lists without any number in the document', async (t) => {
    const { schema: api } = await openApi(t);
    const below = (inside: string) => `grants { nodes { application { ${inside} } } }`;
    const source = `{ accounts { nodes { ${below(below(below('name')))} } } }`;
    const [error] = validate(api, parse(source), [...specifiedRules, ...stepsOf(policy).validationRules]);
    assert.match(error?.message ?? '', /exceeds the limit "cost"/);
  });
});
