import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { buildSchema } from 'graphql';
import { defaultLimits, type LimitName, type MeasuredLimit, measuredLimits } from '../../../src/api/limits/limits.ts';
import { measure } from '../../../src/api/limits/measure.ts';
import { nobody, policy, refusalOf, stepsOf } from '../fixture.ts';

const schema = buildSchema(`
  type Query { self: Query list(first: Int, last: Int, where: Where, ids: [[Int]]): [Query] name: String }
  input Where { and: Where ids: [Int] }
`);

const many = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, i) => of(i)).join(' ');

/** Returns the code and evidence of every error that a transport answers with. */
function refusalsOf(source: string, variables: Record<string, unknown> = {}, limits = defaultLimits) {
  const document = parse(source);
  const rules = [...specifiedRules, ...stepsOf({ ...policy, limits }).validationRules];
  const errors = validate(schema, document, rules).map((error) => error.originalError ?? error);
  const refusal = refusalOf({ document, variables, principal: nobody }, { ...policy, limits });
  return [...errors, ...(refusal ? [refusal] : [])].map((error) =>
    'evidence' in error ? error.evidence : error.message,
  );
}

const found = (source: string, limit: MeasuredLimit, variables = {}) =>
  measure(parse(source), { schema, variables }).found[limit];

describe('B-16 the counts of the limits:', () => {
  const counted: readonly (readonly [string, MeasuredLimit, string, number])[] = [
    ['fields within fields', 'depth', '{ self { self { name } } name }', 3],
    [
      'through fragments, which do not count as a level',
      'depth',
      '{ self { ...f } } fragment f on Query { ... { name } }',
      2,
    ],
    ['introspection as one level', 'depth', '{ __schema { types { name } } }', 1],
    ['fragments and selection sets', 'nesting', '{ self { ...f } } fragment f on Query { ... { name } }', 4],
    ['lists and input objects', 'nesting', '{ list(where: { and: { ids: [1] } }) { name } }', 4],
    ['those in directives', 'nesting', 'query @x(a: [[[[1]]]]) { name }', 4],
    ['those in defaults', 'nesting', 'query ($a: [[Int]] = [[[[1]]]]) { name }', 4],
    ['each field', 'cost', '{ self { name } name }', 3],
    ['as often as first says', 'cost', '{ list(first: 10) { name self { name } } }', 31],
    ['as the first of each field around', 'cost', '{ list(first: 10) { list(last: 5) { name } } }', 61],
    ['the greater of first and last', 'cost', '{ list(first: 2, last: 5) { name } }', 6],
    ['as a list of ten without a stated size', 'cost', '{ list { name } }', 11],
    ['nothing less than once', 'cost', '{ list(first: 0) { name } }', 2],
    ['each spread of a fragment', 'cost', '{ ...f self { ...f } } fragment f on Query { name }', 3],
    ['the greatest of several operations', 'cost', 'query a { name } query b { self { name } }', 2],
    ['aliases in each spread', 'aliases', '{ a: name ...f ...f } fragment f on Query { b: name }', 3],
    [
      'fields of the root through fragments',
      'rootFields',
      '{ name ...f } fragment f on Query { name self { name } }',
      3,
    ],
    [
      'directives anywhere, once',
      'directives',
      'query ($a: Int @x) @x { name @x ...f @x ...f } fragment f on Query @x { name }',
      5,
    ],
    [
      'lists within lists of introspection',
      'introspectionDepth',
      '{ __schema { types { fields { args { name } } } } }',
      3,
    ],
    [
      'fields of introspection',
      'introspectionFields',
      '{ __schema { types { name } } __type(name: "Query") { name } }',
      5,
    ],
    ['introspection further down', 'introspectionFields', '{ self { __schema { types { name } } } }', 3],
    ['no introspection in other fields', 'introspectionDepth', '{ types { fields { args { types { name } } } } }', 0],
    ['__typename as any field', 'introspectionFields', '{ __typename }', 0],
  ];
  for (const [name, limit, source, expected] of counted) {
    it(`${limit}: ${name}`, () => assert.equal(found(source, limit), expected));
  }

  it('cost: by the value of a variable, its default, or as a list of ten', () => {
    const source = 'query ($n: Int = 7, $m: Int) { list(first: $n) { name } list(last: $m) { name } }';
    assert.equal(found(source, 'cost'), 1 + 7 + 1 + 10);
    assert.equal(found(source, 'cost', { n: 3, m: 4 }), 1 + 3 + 1 + 4);
    assert.equal(found(source, 'cost', { n: '3', m: null }), 1 + 3 + 1 + 10);
  });
});

describe('B-16 a document that asks for too much is refused by the limit, once, with the figures:', () => {
  const refused: readonly (readonly [LimitName, string, number])[] = [
    ['depth', '{ self '.repeat(16) + '{ name }' + ' }'.repeat(16), 17],
    ['nesting', `{ ${'... { '.repeat(60)} name ${'} '.repeat(60)} }`, 61],
    ['nesting', `{ list(ids: ${'['.repeat(61)}${']'.repeat(61)}) { name } }`, 62],
    ['cost', '{ list(first: 100) { list(first: 100) { name } } }', 10_101],
    ['aliases', `{ self { ${many(1_000, (i) => `a${i}: name`)} } }`, 1_000],
    ['rootFields', `{ ${many(21, () => 'name')} }`, 21],
    ['directives', `{ name ${many(10_000, () => '@include(if: true)')} }`, 10_000],
    ['nameLength', `{ ${'a'.repeat(257)}: name }`, 257],
    ['nameLength', `query ${'a'.repeat(300)} { list(ids: [${many(100, (i) => `$z${i}`)}]) { name } }`, 300],
    ['introspectionDepth', '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }', 4],
    ['introspectionFields', `{ __schema { types { ${many(1_000, () => 'name')} } } }`, 1_002],
  ];
  for (const [limit, source, figure] of refused) {
    it(`${limit} ${figure}`, () => {
      assert.deepEqual(refusalsOf(source), [{ limit, allowed: defaultLimits[limit], found: figure }]);
    });
  }

  it('each limit of the table has a case', () => {
    // The tests of `lines` are below. The tests of `introspectionCost` are in introspection-cost.test.ts.
    const cases = new Set([...refused.map(([limit]) => limit), 'lines', 'introspectionCost']);
    assert.deepEqual([...cases].toSorted(), measuredLimits.toSorted());
  });

  it('a cost by a variable, only if its value is high', () => {
    const source = 'query ($n: Int = 10001) { list(first: $n) { name } }';
    assert.deepEqual(refusalsOf(source, { n: 10 }), []);
    assert.deepEqual(refusalsOf(source, { n: 10_000 }), [{ limit: 'cost', allowed: 10_000, found: 10_001 }]);
    assert.deepEqual(refusalsOf(source), [{ limit: 'cost', allowed: 10_000, found: 10_002 }]);
  });

  it('a document exactly at the limit is accepted', () => {
    assert.deepEqual(refusalsOf(`{ ${many(20, () => 'name')} }`), []);
    assert.deepEqual(refusalsOf(`{ ${'a'.repeat(256)}: name }`), []);
    assert.deepEqual(refusalsOf('{ self '.repeat(14) + '{ name }' + ' }'.repeat(14)), []);
  });

  it('lines, also empty lines before an invalid document', () => {
    const source = `${'\n'.repeat(125_000)} query (${'$a: Int '.repeat(900)}) { name }`;
    assert.deepEqual(refusalsOf(source), [{ limit: 'lines', allowed: 10_000, found: 125_001 }]);
    assert.deepEqual(refusalsOf(`${'\r\n'.repeat(9_999)}{ name }`), []);
  });

  it('tokens, by the parser', () => {
    const options = stepsOf(policy).parseOptions;
    assert.throws(() => parse(`{ ${'name '.repeat(4_000)} }`, options), /Document contains more/);
    assert.ok(parse(`{ ${'name '.repeat(3_998)} }`, options));
  });

  it('a fragment within itself is reported as a fault of the document', () => {
    const [message] = refusalsOf('{ ...f } fragment f on Query { name ...g } fragment g on Query { ...f }');
    assert.match(JSON.stringify(message), /Cannot spread fragment \\"f\\" within itself/);
  });
});

describe('B-16 a document built to hurt is measured in work that grows with the document:', () => {
  const fanOut = (count: number) =>
    `{ ...f0 } ${many(count, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} self { ...f${i + 1} } }`)} fragment f${count} on Query { name }`;
  const hostile: Readonly<Record<string, (size: number) => string>> = {
    'fragments that spread two of each other': fanOut,
    'a chain of fragments': (n) =>
      `{ ...f0 } ${many(n, (i) => `fragment f${i} on Query { ...f${i + 1} }`)} fragment f${n} on Query { name }`,
    'a circle of fragments': (n) => `{ ...f0 } ${many(n, (i) => `fragment f${i} on Query { ...f${(i + 1) % n} }`)}`,
    'one fragment in many operations': (n) =>
      `${many(n, (i) => `query q${i} { ...f }`)} fragment f on Query { ${many(n, () => '... { name }')} }`,
    'one fragment repeated': (n) => `{ ${many(n, () => '...f')} } fragment f on Query { ${many(n, () => 'name')} }`,
    aliases: (n) => `{ ${many(n, (i) => `a${i}: name`)} }`,
    directives: (n) => `{ name ${many(n, () => '@x')} }`,
    'arguments and literals': (n) => `{ list(ids: [${many(n, () => '[1]')}]) { name } }`,
  };
  for (const [name, build] of Object.entries(hostile)) {
    it(name, () => {
      const [small, large] = [1_000, 10_000].map((size) => measure(parse(build(size)), { schema }).visited);
      assert.ok(small && large);
      assert.ok(large <= 10.1 * small, `${small} nodes, then ${large}`);
      assert.ok(large <= 100_000, `${large} nodes for a size of 10,000`);
    });
  }

  it('fan-out and chains are refused before the rules of graphql-js run out of stack', () => {
    for (const name of ['fragments that spread two of each other', 'a chain of fragments', 'a circle of fragments']) {
      const [refusal, ...others] = refusalsOf(hostile[name]?.(10_000) ?? '');
      assert.equal(typeof refusal === 'object' && refusal.limit, 'nesting', name);
      assert.deepEqual(others, []);
    }
  });

  it('a cost beyond every safe integer is reported as a number', () => {
    const [refusal] = refusalsOf(fanOut(50), {}, { ...defaultLimits, depth: 200, nesting: 200, rootFields: 10_000 });
    assert.equal(typeof refusal === 'object' && refusal.limit, 'rootFields');
    const [deep] = refusalsOf(
      `{ self { ...f0 } } ${fanOut(180).slice('{ ...f0 }'.length)}`,
      {},
      {
        ...defaultLimits,
        depth: 200,
        nesting: 200,
        cost: 1_000_000_000,
      },
    );
    assert.ok(typeof deep === 'object' && deep.found !== undefined && deep.found <= Number.MAX_SAFE_INTEGER);
  });
});

describe('the introspection that tools send is within the defaults', () => {
  for (const option of [true, false]) {
    it(`graphql-js, every option ${option}`, () => {
      const source = getIntrospectionQuery({
        descriptions: option,
        specifiedByUrl: option,
        directiveIsRepeatable: option,
        schemaDescription: option,
        inputValueDeprecation: option,
        oneOf: option,
      });
      assert.ok(parse(source, stepsOf(policy).parseOptions));
      assert.deepEqual(refusalsOf(source), []);
    });
  }
});
