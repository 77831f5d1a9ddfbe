import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  getNullableType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { BuiltInScalar, ReturnPlan, ScalarForm } from './query-plan.ts';

/** Takes the type of a field or of an item apart. */
export function planReturn(type: GraphQLOutputType): ReturnPlan {
  const nullable = getNullableType(type);
  return {
    kind: kindOf(nullable),
    type: nullable,
    isNonNull: isNonNullType(type),
    item: isListType(nullable) ? planReturn(nullable.ofType) : null,
    scalar: scalars.get(nullable) ?? null,
  };
}

function kindOf(type: GraphQLOutputType): ReturnPlan['kind'] {
  if (isListType(type)) return 'list';
  if (isLeafType(type)) return 'leaf';
  return isAbstractType(type) ? 'abstract' : 'object';
}

const scalars: ReadonlyMap<unknown, BuiltInScalar> = new Map(
  (
    [
      [GraphQLString, 'text'],
      [GraphQLID, 'text'],
      [GraphQLInt, 'integer'],
      [GraphQLFloat, 'number'],
      [GraphQLBoolean, 'boolean'],
    ] satisfies readonly [GraphQLScalarType, ScalarForm][]
  ).map(([type, form]) => [type, { type, serialize: type.serialize, form }]),
);
