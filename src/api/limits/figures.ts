import type { FieldNode } from 'graphql';
import type { Size } from './size.ts';

/** What a selection set amounts to, whatever it is in. */
export interface Figures {
  readonly depth: number;
  readonly nesting: number;
  readonly cost: number;
  /** The cost where the field around it states the size of the lists directly in it. */
  readonly costInPage: number;
  readonly aliases: number;
  /** Fields that it puts straight into the value it is applied to. */
  readonly ownFields: number;
  /** All fields, as if it were under `__schema` or `__type`. */
  readonly allFields: number;
  /** Lists within lists, as if it were there. */
  readonly allLists: number;
  readonly introspectionFields: number;
  readonly introspectionDepth: number;
}

/** The figures of nothing. */
export const none: Figures = {
  depth: 0,
  nesting: 0,
  cost: 0,
  costInPage: 0,
  aliases: 0,
  ownFields: 0,
  allFields: 0,
  allLists: 0,
  introspectionFields: 0,
  introspectionDepth: 0,
};

/** Of two selections beside each other: what adds up is added, of depths the greater counts. */
export function beside(one: Figures, other: Figures): Figures {
  return {
    depth: Math.max(one.depth, other.depth),
    nesting: Math.max(one.nesting, other.nesting),
    cost: one.cost + other.cost,
    costInPage: one.costInPage + other.costInPage,
    aliases: one.aliases + other.aliases,
    ownFields: one.ownFields + other.ownFields,
    allFields: one.allFields + other.allFields,
    allLists: Math.max(one.allLists, other.allLists),
    introspectionFields: one.introspectionFields + other.introspectionFields,
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
  };
}

/** Of a fragment where it is spread. */
export function spread(inside: Figures): Figures {
  return { ...inside, nesting: inside.nesting + 1 };
}

/**
 * Of a field.
 *
 * @param inside of what is selected under it
 * @param literals how deep lists and input objects in its arguments and directives are within one another
 * @param size how often what is selected under it counts
 */
export function selected(field: FieldNode, inside: Figures, literals: number, size: Size): Figures {
  const name = field.name.value;
  const aliases = inside.aliases + (field.alias ? 1 : 0);
  const nesting = Math.max(inside.nesting + (field.selectionSet ? 1 : 0), literals);
  const allFields = 1 + inside.allFields;
  const allLists = (introspectionLists.has(name) ? 1 : 0) + inside.allLists;
  const common = { aliases, nesting, ownFields: 1, allFields, allLists };
  if (introspectionRoots.has(name)) {
    return {
      ...common,
      depth: 1,
      cost: 1,
      costInPage: 1,
      introspectionFields: allFields,
      introspectionDepth: allLists,
    };
  }
  const below = size.isPage ? inside.costInPage : inside.cost;
  return {
    ...common,
    depth: 1 + inside.depth,
    cost: 1 + size.times * below,
    costInPage: 1 + size.timesInPage * below,
    introspectionFields: size.times * inside.introspectionFields,
    introspectionDepth: inside.introspectionDepth,
  };
}

/** Where introspection begins. `__typename` is no part of it. */
export const introspectionRoots: ReadonlySet<string> = new Set(['__schema', '__type']);

/** The fields of the introspection schema that give a list (GraphQL §4.2). */
const introspectionLists: ReadonlySet<string> = new Set([
  'types',
  'directives',
  'fields',
  'args',
  'interfaces',
  'possibleTypes',
  'inputFields',
  'enumValues',
]);
