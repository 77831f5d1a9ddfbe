import type { FieldNode } from 'graphql';
import type { ListLengths } from './introspected.ts';
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
  /** All that introspection would answer with, as if it were under one type: each list as long as the longest of its kind. */
  readonly allAnswered: number;
  /** The same, as if it were under all types at once: each list as long as on the average. */
  readonly allAnsweredOfTypes: number;
  readonly introspectionFields: number;
  readonly introspectionDepth: number;
  readonly introspectionCost: number;
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
  allAnswered: 0,
  allAnsweredOfTypes: 0,
  introspectionFields: 0,
  introspectionDepth: 0,
  introspectionCost: 0,
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
    allAnswered: one.allAnswered + other.allAnswered,
    allAnsweredOfTypes: one.allAnsweredOfTypes + other.allAnsweredOfTypes,
    introspectionFields: one.introspectionFields + other.introspectionFields,
    introspectionCost: one.introspectionCost + other.introspectionCost,
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
  };
}

/** Of a fragment where it is spread. */
export function spread(inside: Figures): Figures {
  return { ...inside, nesting: inside.nesting + 1 };
}

/** Of a field as if it were under `__schema` or `__type`. */
function answered(
  name: string,
  inside: Figures,
  lengths: ListLengths,
): Pick<Figures, 'allAnswered' | 'allAnsweredOfTypes'> {
  const length = lengths.get(name);
  if (!length) {
    const allAnswered = 1 + inside.allAnswered;
    return { allAnswered, allAnsweredOfTypes: allAnswered };
  }
  // What one type names can be the longest of its kind each time. Of all types and their fields the sums are known.
  const counted = name === 'types' || countedLists.has(name);
  return {
    allAnswered: 1 + length.most * (name === 'types' ? inside.allAnsweredOfTypes : inside.allAnswered),
    allAnsweredOfTypes: 1 + length.mean * (counted ? inside.allAnsweredOfTypes : inside.allAnswered),
  };
}

/**
 * Of a field.
 *
 * @param inside of what is selected under it
 * @param literals how deep lists and input objects in its arguments and directives are within one another
 * @param size how often what is selected under it counts
 * @param lengths of the lists that introspection answers with
 */
export function selected(
  field: FieldNode,
  inside: Figures,
  literals: number,
  size: Size,
  lengths: ListLengths,
): Figures {
  const name = field.name.value;
  const aliases = inside.aliases + (field.alias ? 1 : 0);
  const nesting = Math.max(inside.nesting + (field.selectionSet ? 1 : 0), literals);
  const allFields = 1 + inside.allFields;
  const allLists = (introspectionLists.has(name) ? 1 : 0) + inside.allLists;
  const asIntrospection = answered(name, inside, lengths);
  const common = { aliases, nesting, ownFields: 1, allFields, allLists, ...asIntrospection };
  if (introspectionRoots.has(name)) {
    return {
      ...common,
      depth: 1,
      cost: 1,
      costInPage: 1,
      introspectionFields: allFields,
      introspectionDepth: allLists,
      introspectionCost: asIntrospection.allAnswered,
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
    introspectionCost: size.times * inside.introspectionCost,
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

/** Of these, the lists of which all together are as long as they are on the average, times how many there are. */
const countedLists: ReadonlySet<string> = new Set(['fields', 'args', 'inputFields', 'enumValues']);
