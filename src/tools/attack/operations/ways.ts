import type { GraphQLSchema } from 'graphql';
import type { Style } from './write.ts';

/** A way round a rule. */
export interface Way {
  readonly name: string;
  readonly style: Style;
}

const everyHop = (hop: number): string => `a${hop}`;

/** The plain way. Every persona goes it, and a caller with all that is required goes it first. */
export const plainWay: Way = { name: 'plain', style: {} };

/** The ways that every schema has. */
const everySchema: readonly Way[] = [
  { name: 'aliases', style: { alias: everyHop } },
  { name: 'the response key of another field', style: { alias: (_hop, last) => (last ? 'id' : undefined) } },
  { name: 'inline fragments', style: { fragments: 'inline' } },
  { name: 'inline fragments without a type', style: { fragments: 'untyped' } },
  { name: 'named fragments after the operation', style: { fragments: 'after' } },
  { name: 'named fragments before the operation', style: { fragments: 'before' } },
  { name: 'fragments on interfaces', style: { fragments: 'interface' } },
  { name: 'fragments in fragments, with aliases', style: { fragments: 'nested', alias: everyHop } },
  {
    name: '@include with a variable and its default',
    style: { directive: '@include(if: $yes)', variables: ['$yes: Boolean! = true'] },
  },
  {
    name: '@skip and @include in an inline fragment',
    style: { fragments: 'inline', directive: '@skip(if: false) @include(if: true)' },
  },
  {
    name: '@include with a variable on named fragments',
    style: { fragments: 'after', onFragments: '@include(if: $yes)', variables: ['$yes: Boolean! = true'] },
  },
  {
    name: '@skip and @include on inline fragments in fragments',
    style: { fragments: 'untyped', onFragments: '@skip(if: false) @include(if: true)' },
  },
  { name: 'merged fields', style: { twice: 'merged' } },
  { name: 'two aliases', style: { twice: 'aliases' } },
  { name: 'the type name alone', style: { end: 'typename' } },
  { name: 'all selections of its value skipped', style: { end: 'skipped' } },
  { name: 'after an open field', style: { beside: 'open' } },
  {
    name: 'after an open field, with the default of a variable of @include',
    style: { beside: 'open', directive: '@include(if: $yes)', variables: ['$yes: Boolean! = true'] },
  },
  { name: 'beside the type name of the root', style: { beside: 'root: __typename' } },
  { name: 'beside introspection', style: { beside: '__schema { queryType { name } }' } },
  { name: 'after another operation', style: { decoy: 'before' } },
  { name: 'before another operation', style: { decoy: 'after' } },
  { name: 'arguments by variables', style: { args: 'variables' } },
  { name: 'arguments by the defaults of variables', style: { args: 'defaults' } },
  { name: 'arguments with variables inside', style: { args: 'members' } },
];

/** The ways of schemas that define the directives of incremental delivery. */
const incremental: Readonly<Record<'defer' | 'stream', readonly Way[]>> = {
  defer: [
    { name: '@defer on inline fragments', style: { fragments: 'inline', onFragments: '@defer' } },
    { name: '@defer on named fragments', style: { fragments: 'after', onFragments: '@defer(if: true)' } },
  ],
  stream: [{ name: '@stream', style: { onLists: '@stream(initialCount: 0)' } }],
};

/** Lists every way round a rule that does not change the values of arguments. */
export function waysOf(schema: GraphQLSchema): readonly Way[] {
  const { defer, stream } = incremental;
  return [
    ...everySchema,
    ...(schema.getDirective('defer') ? defer : []),
    ...(schema.getDirective('stream') ? stream : []),
  ];
}
