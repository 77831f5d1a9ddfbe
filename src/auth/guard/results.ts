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
import { handleRejection } from '../../protocol/notify.ts';
import type { Resolver } from './guard.ts';
import { ListItem } from './list-item.ts';
import { isPromiseLike } from '../maybe-promise.ts';

/**
 * A step between a resolver and the executor. It receives the resolver's value, and returns the value for the executor,
 * or its promise. If it throws, the executor reports the error at the position of the value.
 */
export type ResultStep = (value: unknown, context: unknown, info: GraphQLResolveInfo) => unknown;

/**
 * Makes the step for the results of a field from the step for single values. It wraps the items of lists as `ListItem`.
 *
 * @param single - the step for each value of the named type. `null`: values are not changed
 * @returns `null`: results are not changed
 */
export function resultStepOf(type: GraphQLOutputType, single: ResultStep | null): ResultStep | null {
  const nullable = getNullableType(type);
  if (!isListType(nullable)) return single;
  const inner = resultStepOf(nullable.ofType, single);
  const nested = isListType(getNullableType(nullable.ofType));
  const isSynchronous = inner === null && completesAtOnce(getNullableType(nullable.ofType));
  return (value, context, info) => {
    // The executor turns these values into an error or null.
    if (value === null || value === undefined || value instanceof Error) return value;
    if (!isIterable(value)) {
      if (inner === null) return value;
      throw unjudged(info); // Some executors accept an async iterable as a list. Its values would not be guarded.
    }
    const members = readItems(value);
    // The executor completes all items of this array without a promise, so no item needs to be wrapped.
    if (isSynchronous && Array.isArray(value) && !mayWait(members)) return members;
    const step = inner && ((item: unknown): unknown => inner(item, context, info));
    return members.map((member) => {
      const item = new ListItem(member, step);
      if (nested) item.prepareAtOnce();
      return item;
    });
  };
}

/**
 * Reads the items of a list with its iterator, one time. An array can have an iterator of its own, which gives other
 * items than the array holds. If the iterator throws, the rejections of the items before are handled.
 */
export function readItems(list: Iterable<unknown>): unknown[] {
  const items: unknown[] = [];
  try {
    for (const item of list) items.push(item);
  } catch (error) {
    for (const item of items) handleRejection(item);
    throw error;
  }
  return items;
}

/** Whether graphql-js waits for an item, or fails at the item because its member `then` throws when it is read. */
export function mayWait(items: readonly unknown[]): boolean {
  try {
    return items.some(isPromiseLike);
  } catch {
    return true;
  }
}

/**
 * Whether the executor completes values of a type without a promise. A custom scalar is excluded, because its
 * `serialize` can return a promise.
 */
function completesAtOnce(type: GraphQLNullableType): boolean {
  return isEnumType(type) || (isScalarType(type) && isSpecifiedScalarType(type));
}

/** Returns a resolver that applies a step to the result of the given resolver. */
export function withResultStep(resolve: Resolver, step: ResultStep): Resolver {
  return (source, args, context, info) => {
    const result = resolve(source, args, context, info);
    if (!isPromiseLike(result)) return step(result, context, info);
    return Promise.resolve(result).then((value) => step(value, context, info));
  };
}

function unjudged({ parentType, fieldName }: GraphQLResolveInfo): Error {
  return new TypeError(
    `${parentType.name}.${fieldName} did not give an iterable, so the rules of its values cannot be judged. Give an array.`,
  );
}

/** Whether graphql-js accepts a value as a list. It does not accept a string. */
function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function';
}
