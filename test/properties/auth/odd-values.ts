import { GraphQLError, type GraphQLScalarType, type GraphQLSchema, isEnumType, isScalarType } from 'graphql';
import type { Choices } from './generate/choices.ts';

/** The types of a schema whose resolvers return odd values. The lists, the abstract types and some fields have rules. */
export const oddSdl = `
  scalar Any
  enum Color { RED GREEN }
  interface Node { id: ID  self: Node }
  union Either = Plain | Ruled
  type Plain implements Node { ${fieldsOf('Plain')} }
  type Ruled implements Node @auth(scope: "a") { ${fieldsOf('Ruled')} }
  type Query { ${fieldsOf('Query')
    .split('\n')
    .map((line) => `${line} @public`)
    .join('\n')} }
`;

function fieldsOf(type: string): string {
  const own = type === 'Query' ? '' : ' @auth(scope: "b")';
  return [
    'id: ID',
    'text: String',
    `strict: String!${own}`,
    'number: Int',
    'real: Float',
    'yes: Boolean',
    'color: Color',
    'any(a: Int = 1, b: Any, c: [Int!]): Any',
    'anyStrict: Any!',
    'texts: [String]',
    `strictTexts: [String!]${own}`,
    'anys: [Any!]!',
    'nested: [[Any]!]',
    'self: Node',
    'either: Either!',
    `plain: Plain${own}`,
    'plains: [Plain!]',
    'nodes: [Node]',
    'eithers: [[Either!]]!',
    'ruled: Ruled',
    'ruleds: [Ruled]!',
  ].join('\n');
}

/** Returns a root value. The seed determines its values, and the turns of the event loop in which its promises settle. */
export function oddRoot(seed: number): object {
  return objectOf(seed, 0);
}

function hash(text: string): number {
  let state = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  return (state ^ (state >>> 13)) >>> 0;
}

/** Makes an object that returns a value for each field. Its members are made when they are read. */
function objectOf(seed: number, depth: number): object {
  return new Proxy(
    { __typename: hash(`${seed} type`) % 9 === 0 ? 'Query' : hash(`${seed} type`) % 2 === 0 ? 'Plain' : 'Ruled' },
    {
      get(target, name) {
        if (typeof name !== 'string' || name === 'then' || name === 'toJSON') return undefined;
        if (name === '__typename') return Reflect.get(target, name) as unknown;
        const random = hash(`${seed} ${name}`);
        const value = (): unknown => dressed(() => valueOf(name, random, depth), random >>> 4);
        return random % 3 === 0 ? value : value();
      },
    },
  );
}

const texts = [
  '',
  'a',
  'quo"te',
  'back\\slash',
  '\u0000\u001f\u007f',
  '\ud800',
  'é\u2028😀',
  '__proto__',
  'x'.repeat(60),
];

const leaves: readonly (() => unknown)[] = [
  ...texts.map((text) => () => text),
  () => 0,
  () => -0,
  () => 7,
  () => 2 ** 31,
  () => 1.5,
  () => Number.NaN,
  () => -Infinity,
  () => true,
  () => false,
  () => 'RED',
  () => new Date(0),
  () => new Date(Number.NaN),
  () => ({ toJSON: (key: string) => `key ${key}` }),
  () => ({ toJSON: () => undefined }),
  () => ({ valueOf: () => 'of' }),
  () => ({ toString: () => 'string' }),
  () => ({ a: [undefined, () => 1, Symbol('s')], b: undefined, c: { d: -0 } }),
  () => [1, [2]],
  () => Symbol('odd'),
  () => () => 'called',
  () => function named() {},
  () => new Map([[1, 2]]),
  () => Object.create(null) as unknown,
  () => new String('boxed'),
];

function valueOf(name: string, random: number, depth: number): unknown {
  if (random % 11 === 0) return null;
  if (random % 37 === 0) return undefined;
  const next = (salt: number): number => hash(`${random} ${salt}`);
  const wrong = random % 29 === 0;
  if (/s$|nested/.test(name) !== wrong && name !== 'yes') {
    if (depth > 3 && !/texts|anys|nested/i.test(name)) return [];
    const inner = /nested|eithers/.test(name) && next(9) % 9 !== 0;
    const items = Array.from({ length: random % 4 }, (_, at) =>
      dressed(() => (inner ? listOf(name, next(at), depth) : itemOf(name, next(at), depth)), next(at) >>> 3),
    );
    return iterated(items, random >>> 2);
  }
  return itemOf(name, random, depth);
}

function listOf(name: string, random: number, depth: number): unknown {
  const items = Array.from({ length: random % 3 }, (_, at) => {
    const own = hash(`${random} in ${at}`);
    return dressed(() => itemOf(name, own, depth), own >>> 3);
  });
  return iterated(items, random >>> 2);
}

function iterated(items: readonly unknown[], random: number): unknown {
  const ways: readonly (() => unknown)[] = [() => new Set(items), () => items.values(), () => generated(items, random)];
  return (ways[random % 9] ?? (() => items))();
}

function* generated(items: readonly unknown[], random: number): Iterable<unknown> {
  yield* items;
  if (random % 2 === 0) throw new Error('the iterator broke');
}

function itemOf(name: string, random: number, depth: number): unknown {
  if (/self|either|plain|node|ruled/.test(name) && random % 13 !== 0) {
    return depth > 3 ? null : objectOf(random, depth + 1);
  }
  return leaves[random % leaves.length]?.();
}

/** Returns, throws or promises a value, in one of the ways that graphql-js meets. */
function dressed(make: () => unknown, random: number): unknown {
  const reasons = [
    new Error('broke'),
    'text',
    undefined,
    null,
    new GraphQLError('said', { extensions: { code: 'X' } }),
    7,
  ];
  const now = (): unknown => {
    if (random % 17 === 0) throw reasons[(random >>> 5) % reasons.length];
    return make();
  };
  switch ((random >>> 6) % 16) {
    case 0:
      return Promise.resolve().then(now);
    case 1:
      return later((random >>> 9) % 4).then(now);
    case 2:
      return {
        // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
        then: (yes: (value: unknown) => unknown, no: (why: unknown) => unknown) => later(1).then(now).then(yes, no),
      };
    case 3:
      // It calls back at once, and returns what the callback returned.
      // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
      return random % 17 === 0 ? make() : { then: (yes: (value: unknown) => unknown) => yes(make()) };
    case 4:
      // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
      return random % 5 === 0 ? { then: (yes: (value: unknown) => unknown) => rawAfter(() => yes(make())) } : make();
    case 5:
      return random % 3 === 0 ? new Error('returned') : make();
    default:
      return random % 17 === 0 ? late(now) : make();
  }
}

/** Returns a value that no part of graphql-js has completed. */
function rawAfter(call: () => unknown): unknown {
  call();
  return 'a raw "text"';
}

function late(now: () => unknown): Promise<unknown> {
  return new Promise((resolve) => resolve(now()));
}

/** Resolves after some turns of the event loop. */
async function later(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
}

/** Sets the odd `serialize` of the schema's scalar, and odd functions that recognise types. */
export function makeOdd(schema: GraphQLSchema, choose: Choices): void {
  const any = schema.getType('Any');
  if (!isScalarType(any)) throw new Error('no Any');
  const ways: readonly GraphQLScalarType['serialize'][] = [
    (value) => value,
    (value) => value,
    async (value) => value,
    (value) => (typeof value === 'string' ? null : value),
    (value) => {
      if (typeof value === 'number') throw new Error('not serialized');
      return value;
    },
    (value) => (value === 7 ? Promise.reject(new Error('late')) : value),
  ];
  any.serialize = choose.one(ways as readonly [(typeof ways)[number], ...typeof ways]);
  const color = schema.getType('Color');
  if (!isEnumType(color)) throw new Error('no Color');
}

const leafNames = [
  'id',
  'text',
  'strict',
  'number',
  'real',
  'yes',
  'color',
  'any',
  'anyStrict',
  'texts',
  'strictTexts',
  'anys',
  'nested',
];
const objectNames = ['self', 'either', 'plain', 'plains', 'nodes', 'eithers', 'ruled', 'ruleds'];

/** Makes a valid query for the schema. */
export function oddDocument(choose: Choices): string {
  let aliases = 0;
  const args = () => choose.one(['', '(a: $i)', '(b: { x: [1] }, a: 2)', '(c: [1, 2], b: "b")', '(c: 3)', '(a: null)']);
  const selection = (depth: number): string => {
    const count = 1 + choose.below(4);
    return `{ ${Array.from({ length: count }, () => field(depth)).join(' ')} }`;
  };
  const field = (depth: number): string => {
    aliases += 1;
    const condition = choose.rarely(6) ? choose.one(['@include(if: $on)', '@skip(if: $on)']) : '';
    if (choose.rarely(8)) return `__typename ${condition}`;
    if (depth === 0 || !choose.rarely(2)) {
      const name = choose.one(leafNames as [string, ...string[]]);
      return `f${aliases}: ${name}${name === 'any' ? args() : ''} ${condition}`;
    }
    const name = choose.one(objectNames as [string, ...string[]]);
    const types = ['Plain', 'Ruled'].filter(
      (type) => !/^(plain|ruled)/.test(name) || name.startsWith(type.toLowerCase()),
    );
    const inside = types.map((type) => `... on ${type} ${selection(depth - 1)}`).join(' ');
    return `f${aliases}: ${name} ${condition} { __typename ${inside} }`;
  };
  return `query ($on: Boolean! = true, $i: Int) ${selection(3).replace(/\}$/, 'on: any(a: $i) @skip(if: $on) }')}`;
}
