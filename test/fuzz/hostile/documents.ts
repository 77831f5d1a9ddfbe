import type { Random } from '../random.ts';

/** An operation as a client sends it. It may be invalid. */
export interface Asked {
  readonly query: string;
  /** JSON text, because a value may be nested deeper than `JSON.stringify` supports. */
  readonly variables: string;
  readonly operationName: unknown;
}

/** Returns the JSON body of a request. */
export function bodyOf({ query, variables, operationName }: Asked): string {
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return `{"query":${JSON.stringify(query)},"variables":${variables}${name}}`;
}

export type OperationKind = 'query' | 'mutation' | 'subscription';

const modes = ['VALUES', 'PROMISES', 'MIXED', 'THROW', 'REJECT_LATE', 'NULLS', 'ODD', 'THENABLE', 'ITERABLE', 'ERRORS'];

/**
 * Makes selections on an interface or a union, down to a depth. Each field with arguments has its own alias, so that
 * fields do not conflict.
 */
function selections(random: Random, type: 'Thing' | 'Any', depth: number): string {
  const mode = (): string => (random.below(4) === 0 ? '' : `(mode: ${random.pick(modes)})`);
  const on = (): string => (depth <= 0 ? '{ id }' : `{ ${selections(random, 'Thing', depth - 1)} }`);
  const alias = (): string => `a${random.below(1_000_000)}: `;
  const ofThing = [
    () => 'id',
    () => '__typename',
    () => 'name',
    () => 'secret',
    () => `${alias()}next${mode()} ${on()}`,
    () => `${alias()}parts${mode()} ${on()}`,
    () => `${alias()}any${mode()} { ${selections(random, 'Any', depth - 1)} }`,
    () => `... on Book { ${alias()}pages${mode()} checked mine hidden }`,
    () => (depth > 0 ? `... on Pen { ${alias()}grid${mode()} ${on()} ${alias()}any { marker } }` : '...F'),
    () => `... @include(if: ${random.pick(['true', 'false', '$flag'])}) { id }`,
    () => '...F',
  ];
  const ofAny = [
    () => '__typename',
    () => '... on Safe { marker }',
    () => (depth > 0 ? `... on Thing ${on()}` : '__typename'),
    () => '... on Book { id secret }',
  ];
  const choices = type === 'Thing' ? ofThing : ofAny;
  return Array.from({ length: 1 + random.below(4) }, () => random.pick(choices)()).join(' ');
}

/** Makes an input object as JSON, nested down to a depth, with a guarded field in the innermost object. */
function deepFilter(random: Random, depth: number): string {
  let before = '';
  let after = '';
  for (let level = 0; level < depth; level += 1) {
    const list = random.below(8) === 0;
    before += list ? '{"all":[' : '{"not":';
    after = (list ? '],"name":"x"}' : '}') + after;
  }
  return before + random.pick(['{"email":"x"}', '{"kind":"C"}', '{"kinds":["A","C"]}', '{"email":null}']) + after;
}

const oddValues: readonly string[] = [
  'null',
  'true',
  '-1',
  '1e400',
  `"${'x'.repeat(10_000)}"`,
  '[]',
  '[[[]]]',
  '{"__proto__":{"email":"x"}}',
  '{"not":[]}',
  '{"email":{}}',
  '{"constructor":{"prototype":{}}}',
  '9007199254740993',
  '"C"',
  '["C"]',
];

const depths = [0, 1, 5, 20, 100, 1_000, 4_000];

/** Makes the JSON text of variables for operations of the target. */
export function hostileVariables(random: Random): string {
  const odd = (): string => random.pick(oddValues);
  if (random.below(20) === 0) return odd();
  const filter = (): string => (random.below(3) === 0 ? odd() : deepFilter(random, random.pick(depths)));
  const kinds = (): string => `[${Array.from({ length: random.below(2_000) }, () => '"A"').join()}]`;
  const members = {
    filter: filter(),
    filters: random.below(2) === 0 ? odd() : `[${filter()},${filter()}]`,
    kinds: random.below(3) === 0 ? odd() : kinds(),
    flag: random.pick(['true', 'false', 'true', 'null', '"yes"']),
    json: random.below(2) === 0 ? odd() : deepFilter(random, random.below(3_000)),
    mode: JSON.stringify(random.pick([...modes, 'NONE', null, 3])),
  };
  return `{${Object.entries(members)
    .map(([name, text]) => `"${name}":${text}`)
    .join()}}`;
}

const declared = {
  filter: 'Filter',
  filters: '[Filter!]',
  kinds: '[Kind!]',
  flag: 'Boolean = true',
  json: 'JSON',
  mode: 'Mode',
};

/** Returns the declarations of the variables that a text uses. */
function declarationsFor(text: string): string {
  const used = Object.entries(declared).filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
  return used.length === 0 ? '' : `(${used.map(([name, type]) => `$${name}: ${type}`).join(', ')})`;
}

function rootSelections(random: Random, depth: number): string {
  const of = (): string => `{ ${selections(random, 'Thing', random.below(depth + 1))} }`;
  const literal = (): string => {
    const depth = random.below(30);
    return `${'{ not: '.repeat(depth)}{ email: "x" }${' }'.repeat(depth)}`;
  };
  const choices = [
    () => 'hello',
    () => `thing(mode: $mode, filter: $filter) ${of()}`,
    () => `things(mode: ${random.pick(modes)}) ${of()}`,
    () => `things(mode: $mode, filter: $filter) ${of()}`,
    () => `any(mode: ${random.pick(modes)}) { ${selections(random, 'Any', depth)} }`,
    () => `grid(mode: ${random.pick(modes)}) ${of()}`,
    () => `search(filter: $filter) b${random.below(1_000_000)}: search(filter: $filter)`,
    () => 'search(filters: $filters, kinds: $kinds, json: $json)',
    () => `search(filter: ${literal()})`,
    () => 'safe { marker }',
    () => 'checked',
    () => 'owned(id: "alice")',
    () => 'me',
    () => '__schema { types { name fields { name } } }',
  ];
  const missing = random.below(20) === 0 ? ' missing' : '';
  const chosen = Array.from({ length: 1 + random.below(4) }, (_, index) => `r${index}: ${random.pick(choices)()}`);
  return chosen.join(' ') + missing;
}

/** Damages the text of an operation: cuts, repeats, nests or replaces a part. */
function damaged(random: Random, text: string): string {
  const at = random.below(text.length);
  const level = random.below(200);
  const chain = Array.from({ length: 200 }, (_, index) => `fragment A${index} on Query { ...A${index + 1} hello }`);
  const damages = [
    () => text.slice(0, at),
    () => text.slice(0, at) + random.bytes(3).toString('latin1') + text.slice(at + 2),
    () => text.slice(0, at) + text.slice(at).repeat(3),
    () => text + '{'.repeat(random.below(3_000)),
    () => text.replaceAll(' id ', ' id @include(if: true) '),
    () => `{ ${'hello '.repeat(random.below(3_000))} }`,
    () => `{ ${Array.from({ length: random.below(300) }, (_, index) => `a${index}: hello`).join(' ')} }`,
    () => `{ ...A0 } ${chain.join(' ')}`,
    () => `{ thing ${'{ next '.repeat(level)}{ id }${' }'.repeat(level)} }`,
    () => '',
  ];
  return random.pick(damages)();
}

function mutationSelections(random: Random): string {
  return random.pick([
    () => `set(filter: $filter, mode: $mode) { ${selections(random, 'Thing', 2)} }`,
    () => 'a: set(filter: $filter) { id } b: set(filter: $filter) { id secret }',
    () => 'wipe set { id }',
    () => 'set { any { ... on Safe { marker } } }',
  ])();
}

function subscriptionSelections(random: Random): string {
  return random.pick([
    () => `ticks(mode: ${random.pick(modes)}, filter: $filter) { ${selections(random, 'Thing', 2)} }`,
    () => 'hidden { marker }',
    () => 'ticks { id secret }',
  ])();
}

/**
 * Makes an operation of an attacker: mostly valid, and with hostile selections and inputs.
 * @param depth - the depth of its selections. A server without limits executes all of them
 */
export function hostileOperation(random: Random, kinds: readonly OperationKind[], depth: number): Asked {
  const kind = random.pick(kinds);
  const body = { query: rootSelections, mutation: mutationSelections, subscription: subscriptionSelections }[kind](
    random,
    depth,
  );
  const fragment = body.includes('...F') ? ' fragment F on Thing { id name }' : '';
  const text = `${kind} Q${random.below(1_000_000)}${declarationsFor(body)} { ${body} }${fragment}`;
  return {
    query: random.below(6) === 0 ? damaged(random, text) : text,
    variables: hostileVariables(random),
    operationName: random.below(10) > 0 ? undefined : random.pick(['Q', '', '__proto__', null, 5, 'x'.repeat(5_000)]),
  };
}
