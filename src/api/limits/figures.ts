import type { FieldNode } from 'graphql';
import type { ListLengths } from './introspected.ts';
import type { SelectionSize } from './size.ts';

/** The figures of a selection set. The fields around the selection set do not change them. */
export interface SelectionFigures {
  readonly depth: number;
  readonly nesting: number;
  readonly cost: number;
  /** The cost if the surrounding field is a page (`SelectionSize.isPage`). */
  readonly costInPage: number;
  readonly aliases: number;
  /** The number of directly selected fields, through fragments too. */
  readonly ownFields: number;
  /** The number of all fields, counted as under `__schema` or `__type`. */
  readonly allFields: number;
  /** The depth of lists within lists, counted as under `__schema` or `__type`. */
  readonly allLists: number;
  /**
   * The number of fields in the answer of introspection for one type. Each list counts with the greatest length of its
   * kind.
   */
  readonly allAnswered: number;
  /**
   * The number of fields in the answer of introspection for all types. Each list counts with the mean length of its
   * kind.
   */
  readonly allAnsweredOfTypes: number;
  readonly introspectionFields: number;
  readonly introspectionDepth: number;
  readonly introspectionCost: number;
}

/** The figures of an empty selection set. */
export const noFigures: SelectionFigures = {
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

/** Returns the figures of two selections side by side. Counts are added. Of two depths, the greater one counts. */
export function sumOfFigures(one: SelectionFigures, other: SelectionFigures): SelectionFigures {
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

/** Returns the figures of a spread from the figures of its fragment. */
export function figuresOfSpread(inside: SelectionFigures): SelectionFigures {
  return { ...inside, nesting: inside.nesting + 1 };
}

/** Returns the figures of a field, counted as under `__schema` or `__type`. */
function answered(
  name: string,
  inside: SelectionFigures,
  lengths: ListLengths,
): Pick<SelectionFigures, 'allAnswered' | 'allAnsweredOfTypes'> {
  const length = lengths.get(name);
  if (!length) {
    const allAnswered = 1 + inside.allAnswered;
    return { allAnswered, allAnsweredOfTypes: allAnswered };
  }
  // A single type may have the longest list of its kind. For all types together, the mean length is exact.
  const counted = name === 'types' || countedLists.has(name);
  return {
    allAnswered: 1 + length.longest * (name === 'types' ? inside.allAnsweredOfTypes : inside.allAnswered),
    allAnsweredOfTypes: 1 + length.mean * (counted ? inside.allAnsweredOfTypes : inside.allAnswered),
  };
}

/**
 * Returns the figures of a field.
 *
 * @param inside - the figures of the selections under the field
 * @param literals - the depth of lists and input objects in the field's arguments and directives
 * @param size - how often the selections under the field count
 * @param lengths - the lengths of the lists in the answer of introspection
 */
export function figuresOfSelected(
  field: FieldNode,
  inside: SelectionFigures,
  literals: number,
  size: SelectionSize,
  lengths: ListLengths,
): SelectionFigures {
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

/** The fields with which introspection begins. `__typename` does not count. */
export const introspectionRoots: ReadonlySet<string> = new Set(['__schema', '__type']);

/** The fields of the introspection schema that return a list (GraphQL §4.2). */
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

/** The kinds of lists for which mean length × number of lists is the total length. */
const countedLists: ReadonlySet<string> = new Set(['fields', 'args', 'inputFields', 'enumValues']);
