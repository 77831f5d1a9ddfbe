import { answered, type AuthCase, forbidden, has, rows, type Outcome } from './case.ts';

const found = answered({ hello: 'hello', search: 'found' });
/** The document has a public field too, so the operation runs. */
const denied = answered({ hello: 'hello', search: null }, ['Query.search']);

type Supplied = readonly [head: string, args: string, variables?: Readonly<Record<string, unknown>>];

/** Makes cases that supply an input with a rule that requires this scope. */
function supplied(id: string, scope: string, table: Readonly<Record<string, Supplied>>): readonly AuthCase[] {
  return ask(id, table, [
    ['denied', [], denied],
    ['with the scope', [scope], found],
  ]);
}

/** Makes cases that supply no guarded input. */
function free(id: string, table: Readonly<Record<string, Supplied>>): readonly AuthCase[] {
  return ask(id, table, [['free', [], found]]);
}

function ask(
  id: string,
  table: Readonly<Record<string, Supplied>>,
  callers: readonly (readonly [string, readonly string[], Outcome])[],
): readonly AuthCase[] {
  return Object.entries(table).flatMap(([name, [head, args, variables]]) =>
    callers.map(([what, scopes, outcome]) => ({
      id,
      name: `${name}, ${what}`,
      document: `query ${head} { hello search${args} }`,
      caller: has(...scopes),
      outcome,
      ...(variables && { variables }),
    })),
  );
}

/** B-9, B-10, B-12: rules on supplied inputs. */
export const inputCases: readonly AuthCase[] = [
  ...supplied('B-9', 'deep', {
    'an argument as a literal': ['', '(deep: true)'],
    'an argument as an explicit null': ['', '(deep: null)'],
    'an argument by a variable': ['($deep: Boolean)', '(deep: $deep)', { deep: false }],
    'an argument by a variable that is null': ['($deep: Boolean)', '(deep: $deep)', { deep: null }],
    "an argument by a variable's default": ['($deep: Boolean = true)', '(deep: $deep)'],
    "an argument by a variable's default null": ['($deep: Boolean = null)', '(deep: $deep)'],
    'an argument by a variable that is null over a default': [
      '($deep: Boolean = true)',
      '(deep: $deep)',
      { deep: null },
    ],
  }),
  ...supplied('B-9', 'filter:secret', {
    'an input field as a literal': ['', '(filter: { secret: "x" })'],
    'an input field as an explicit null': ['', '(filter: { secret: null })'],
    'an input field, nested in a list': ['', '(filter: { and: [{ name: "a" }, { and: [{ secret: "x" }] }] })'],
    'an input field, nested in a list of one': ['', '(filter: { and: { secret: "x" } })'],
    'an input field by a variable for it': ['($secret: String)', '(filter: { secret: $secret })', { secret: 'x' }],
    'an input field by a variable that is null': [
      '($secret: String)',
      '(filter: { secret: $secret })',
      { secret: null },
    ],
    "an input field by a variable's default": ['($secret: String = "x")', '(filter: { secret: $secret })'],
    'an input field by a variable for the object': ['($f: Filter)', '(filter: $f)', { f: { secret: 'x' } }],
    'an input field by a variable for the object, null': ['($f: Filter)', '(filter: $f)', { f: { secret: null } }],
    'an input field by a variable, nested': [
      '($f: Filter)',
      '(filter: $f)',
      { f: { and: [{ and: [{ secret: 'x' }] }] } },
    ],
    'an input field by a variable, nested in a list of one': [
      '($f: Filter)',
      '(filter: $f)',
      { f: { and: { secret: 'x' } } },
    ],
    'an input field by a default for the object': ['($f: Filter = { secret: "x" })', '(filter: $f)'],
    'an input field by a nested default for the object': ['($f: Filter = { and: [{ secret: null }] })', '(filter: $f)'],
    'an input field by a variable inside a literal': [
      '($f: Filter!)',
      '(filter: { name: "a", and: [$f] })',
      { f: { secret: 'x' } },
    ],
  }),
  ...supplied('B-9', 'audit', {
    'a guarded input object in a field': ['', '(filter: { audit: { note: "x" } })'],
    'a guarded input object that is empty': ['', '(filter: { audit: {} })'],
    'a guarded input object that is null': ['', '(filter: { audit: null })'],
    'a guarded input object in a list': ['', '(audits: [{ note: "x" }])'],
    'a guarded input object by a variable': ['($a: Audit)', '(filter: { audit: $a })', { a: { note: 'x' } }],
    'a guarded input object by a variable for the list': ['($a: [Audit!])', '(audits: $a)', { a: [{}] }],
    'a guarded input object in a variable': ['($f: Filter)', '(filter: $f)', { f: { and: [{ audit: {} }] } }],
  }),
  ...supplied('B-10', 'colour', {
    'a guarded type in an order-by': ['', '(sort: { by: RED })'],
    'a guarded type in an order-by, nested': ['', '(sort: { next: [{ by: BLUE }] })'],
    'a guarded type in an order-by by a variable': ['($s: SortBy)', '(sort: $s)', { s: { next: { by: 'RED' } } }],
    'a guarded type as a variable for it': ['($c: Colour)', '(sort: { by: $c })', { c: 'RED' }],
    'a guarded type, null': ['', '(sort: { by: null })'],
  }),
  ...supplied('B-12', 'huge', {
    'an enum value as a literal': ['', '(size: HUGE)'],
    'an enum value in a list': ['', '(sizes: [SMALL, HUGE])'],
    'an enum value as a list of one': ['', '(sizes: HUGE)'],
    'an enum value by a variable': ['($s: Size)', '(size: $s)', { s: 'HUGE' }],
    "an enum value by a variable's default": ['($s: Size = HUGE)', '(size: $s)'],
    'an enum value in a variable': ['($f: Filter)', '(filter: $f)', { f: { and: [{ size: 'HUGE' }] } }],
    'an enum value in a literal object': ['', '(filter: { size: HUGE })'],
    'an enum value by a variable in a list': ['($s: Size!)', '(sizes: [SMALL, $s])', { s: 'HUGE' }],
  }),
  ...supplied('B-12', 'weight', {
    'a guarded scalar as a literal': ['', '(weight: 5)'],
    'a guarded scalar as an object': ['', '(weight: { kg: 5 })'],
    'a guarded scalar as null': ['', '(weight: null)'],
    'a guarded scalar by a variable': ['($w: Weight)', '(weight: $w)', { w: [1] }],
  }),
  ...free('B-9', {
    'nothing is supplied': ['', ''],
    'arguments without a rule': ['', '(limit: 5, filter: { name: "a", and: [] })'],
    'a variable without a value or default': ['($deep: Boolean)', '(deep: $deep)'],
    'a variable without a value, in an object': ['($secret: String)', '(filter: { secret: $secret })'],
    'a variable without a value, for the object': ['($f: Filter)', '(filter: $f)'],
    'an empty list that could contain a guarded input object': ['', '(audits: [])'],
    'an object that is null': ['', '(filter: null)'],
    'an object by a variable that is null over a default': [
      '($f: Filter = { secret: "x" })',
      '(filter: $f)',
      { f: null },
    ],
    'an object by a variable over a default': ['($f: Filter = { secret: "x" })', '(filter: $f)', { f: { name: 'a' } }],
    'an enum value that is free': ['($s: Size = HUGE)', '(size: $s, sizes: [LARGE])', { s: 'SMALL' }],
  }),
  ...rows('B-9', {
    'alone: refused': ['{ search(deep: true) }', has(), forbidden('Query.search')],
    'one alias supplies it, the other does not': [
      '{ a: search b: search(deep: true) }',
      has(),
      answered({ a: 'found', b: null }, ['Query.search'], []),
    ],
    'below another field': [
      '{ box { open inner { open(force: true) } } }',
      has(),
      answered({ box: { open: 'open', inner: { open: null } } }, ['Box.open'], []),
    ],
    'below another field, by a fragment': [
      'query ($force: Boolean = true) { box { ...F } } fragment F on Box { open(force: $force) }',
      has(),
      answered({ box: { open: null } }, ['Box.open']),
    ],
    'a mutation': ['mutation { touch { id } put(deep: true) }', has(), forbidden('Mutation.put')],
    'a mutation, in a variable': [
      'mutation ($f: Filter) { touch { id } put(filter: $f) }',
      has(),
      forbidden('Mutation.put'),
      { f: { and: [{ audit: null }] } },
    ],
    'a mutation that supplies nothing guarded': [
      'mutation { put(filter: { name: "a" }) }',
      has(),
      answered({ put: true }),
    ],
  }),
  ...(['Supplying', 'Free', 'Other'] as const).map((operationName) => ({
    id: 'B-9',
    name: `of operations that share a fragment, ${operationName}`,
    document: `
      query Supplying ($d: Boolean = true) { hello ...F }
      query Free ($d: Boolean) { hello ...F }
      query Other ($d: Boolean = null) { hello ...F }
      fragment F on Query { search(deep: $d) }`,
    operationName,
    caller: has(),
    outcome: operationName === 'Free' ? found : denied,
  })),
];
