import {
  type GraphQLNullableType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNullableType,
  isEnumType,
  isListType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import type { Resolver } from './guard.ts';
import { Item } from './list-item.ts';
import { isPromiseLike } from '../maybe-promise.ts';

/**
 * What a value that a resolver returned passes through on its way to the executor. It returns what the executor gets, or a
 * promise of it; or it throws, and the executor reports the error where the value stands.
 */
export type Passage = (value: unknown, context: unknown, info: GraphQLResolveInfo) => unknown;

/**
 * Makes the passage of whole results out of the passage of single values.
 *
 * @param single - the passage of each value of the named type; `null`: they pass as they are
 * @returns `null` where results pass as they are
 */
export function passageOf(type: GraphQLOutputType, single: Passage | null): Passage | null {
  const nullable = getNullableType(type);
  if (!isListType(nullable)) return single;
  const inner = passageOf(nullable.ofType, single);
  const nested = isListType(getNullableType(nullable.ofType));
  const never = inner === null && completesAtOnce(getNullableType(nullable.ofType));
  return (value, context, info) => {
    // The executor makes an error or null of these.
    if (value === null || value === undefined || value instanceof Error) return value;
    if (!isIterable(value)) {
      if (inner === null) return value;
      throw unjudged(info); // Some executors take an async iterable for a list, whose values nothing would judge.
    }
    // A copy of it would only cost time: nothing in it can be pending.
    if (never && Array.isArray(value) && !value.some(isPromiseLike)) return value;
    const pass = inner && ((item: unknown): unknown => inner(item, context, info));
    const items: Item[] = [];
    for (const given of value) {
      const item = new Item(given, pass);
      items.push(item);
      if (nested) item.prepareAtOnce();
    }
    return items;
  };
}

/** Whether values of a type that are no promises are completed without one. The `serialize` of an author's scalar can return one. */
function completesAtOnce(type: GraphQLNullableType): boolean {
  return isEnumType(type) || (isScalarType(type) && isSpecifiedScalarType(type));
}

/** Puts a passage behind a resolver. */
export function passing(resolve: Resolver, passage: Passage): Resolver {
  return (source, args, context, info) => {
    const result = resolve(source, args, context, info);
    if (!isPromiseLike(result)) return passage(result, context, info);
    return Promise.resolve(result).then((value) => passage(value, context, info));
  };
}

function unjudged({ parentType, fieldName }: GraphQLResolveInfo): Error {
  return new TypeError(
    `${parentType.name}.${fieldName} did not give an iterable, so the rules of its values cannot be judged. Give an array.`,
  );
}

/** As graphql-js asks it: a text is no list. */
function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function';
}
