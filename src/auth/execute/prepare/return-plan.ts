import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { quote, writeNumber } from '../json-text.ts';
import type { BuiltInScalar, ReturnPlan } from './query-plan.ts';

/** Takes the type of a field or of an item apart. */
export function planReturn(type: GraphQLOutputType): ReturnPlan {
  if (isNonNullType(type)) return { kind: 'nonNull', type, of: planReturn(type.ofType), scalar: null };
  if (isListType(type)) return { kind: 'list', type, of: planReturn(type.ofType), scalar: null };
  if (isLeafType(type)) return { kind: 'leaf', type, of: null, scalar: scalars.get(type) ?? null };
  return { kind: isAbstractType(type) ? 'abstract' : 'object', type, of: null, scalar: null };
}

const writeString = (value: unknown): string | null => (typeof value === 'string' ? quote(value) : null);

const scalars: ReadonlyMap<unknown, BuiltInScalar> = new Map(
  (
    [
      [GraphQLString, writeString],
      [GraphQLID, writeString],
      // `| 0` keeps the integers of 32 bits, which are the values of `Int`.
      [GraphQLInt, (value) => (typeof value === 'number' && (value | 0) === value ? writeNumber(value) : null)],
      [GraphQLFloat, (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : null)],
      [GraphQLBoolean, (value) => (typeof value === 'boolean' ? String(value) : null)],
    ] satisfies readonly [GraphQLScalarType, BuiltInScalar['write']][]
  ).map(([type, write]) => [type, { serialize: type.serialize, write }]),
);
