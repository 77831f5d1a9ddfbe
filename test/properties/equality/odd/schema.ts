import { type GraphQLScalarType, type GraphQLSchema, isScalarType } from 'graphql';
import type { Choices } from '../../auth/generate/choices.ts';

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

/** Sets the odd `serialize` of the schema's scalar. */
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
    // More fields than a compiled selection has code for.
    if (choose.rarely(6)) return `{ ${Array.from({ length: 12 + choose.below(6) }, () => field(0)).join(' ')} }`;
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
