import {
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** The length of a kind of list in the answer of introspection (GraphQL §4.2). */
export interface ListLength {
  /** The mean length of all lists of this kind. It is exact for a query of all these lists. */
  readonly mean: number;
  /** The length of the longest list. */
  readonly longest: number;
}

/** The lengths of the lists, by the name of the field that returns them. */
export type ListLengths = ReadonlyMap<string, ListLength>;

const known = new WeakMap<GraphQLSchema, ListLengths>();

/** Returns the lengths of the lists in the answer of introspection. The lengths are counted once for each schema. */
export function listLengthsOf(schema: GraphQLSchema): ListLengths {
  const before = known.get(schema);
  if (before) return before;
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? [Object.values(type.getFields())] : [],
  );
  const directives = schema.getDirectives();
  const args = [...fields.flat(), ...directives].map((element) => element.args.length);
  const lengths: ListLengths = new Map([
    ['types', lengthOf([types.length], 1)],
    ['directives', lengthOf([directives.length], 1)],
    [
      'fields',
      lengthOf(
        fields.map(({ length }) => length),
        types.length,
      ),
    ],
    ['args', lengthOf(args, args.length)],
    [
      'inputFields',
      lengthOf(
        types.filter(isInputObjectType).map((type) => Object.keys(type.getFields()).length),
        types.length,
      ),
    ],
    [
      'enumValues',
      lengthOf(
        types.filter(isEnumType).map((type) => type.getValues().length),
        types.length,
      ),
    ],
    [
      'interfaces',
      lengthOf(
        types.flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().length : [])),
        types.length,
      ),
    ],
    [
      'possibleTypes',
      lengthOf(
        types.filter(isAbstractType).map((type) => schema.getPossibleTypes(type).length),
        types.length,
      ),
    ],
  ]);
  known.set(schema, lengths);
  return lengths;
}

function lengthOf(lengths: readonly number[], of: number): ListLength {
  const sum = lengths.reduce((total, length) => total + length, 0);
  return { mean: sum / Math.max(1, of), longest: lengths.reduce((longest, length) => Math.max(longest, length), 0) };
}
