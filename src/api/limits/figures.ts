import { type FieldNode, Kind, type ValueNode } from 'graphql';

/** What a selection set amounts to, whatever it is in. */
export interface Figures {
  readonly depth: number;
  readonly nesting: number;
  readonly cost: number;
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
 */
export function selected(field: FieldNode, inside: Figures, literals: number, numberOf: NumberOf): Figures {
  const name = field.name.value;
  const aliases = inside.aliases + (field.alias ? 1 : 0);
  const nesting = Math.max(inside.nesting + (field.selectionSet ? 1 : 0), literals);
  const allFields = 1 + inside.allFields;
  const allLists = (introspectionLists.has(name) ? 1 : 0) + inside.allLists;
  const common = { aliases, nesting, ownFields: 1, allFields, allLists };
  if (introspectionRoots.has(name)) {
    return { ...common, depth: 1, cost: 1, introspectionFields: allFields, introspectionDepth: allLists };
  }
  const times = pageSize(field, numberOf);
  return {
    ...common,
    depth: 1 + inside.depth,
    cost: 1 + times * inside.cost,
    introspectionFields: times * inside.introspectionFields,
    introspectionDepth: inside.introspectionDepth,
  };
}

/** The number that a literal or a variable stands for; `null` for none. */
export type NumberOf = (value: ValueNode) => number | null;

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

/** How many values a field says that it wants. A page whose size nobody named counts as one value. */
function pageSize({ arguments: given = [] }: FieldNode, numberOf: NumberOf): number {
  let size = 1;
  for (const { name, value } of given) {
    if (name.value === 'first' || name.value === 'last') size = Math.max(size, numberOf(value) ?? 1);
  }
  return Math.min(size, largestPage);
}

/** Above this every page is refused in any case; below, products stay numbers that can be compared. */
const largestPage = 1_000_000_000;

/** A number written as a literal. */
export function literalNumber(value: ValueNode): number | null {
  return value.kind === Kind.INT ? Number(value.value) : null;
}
