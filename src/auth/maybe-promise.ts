import { types } from 'node:util';

/** A value, or a promise of a value. A function with this return type returns a promise only if it must wait. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether graphql-js waits for a value. It waits for an object or a function that has a method `then`. */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  // `in` is not used, because a proxy can hide a `then` from it.
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/** Whether a value is a promise of JavaScript itself, with its own `then`. Subclasses and other objects are not. */
export function isNativePromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || !types.isPromise(value)) return false;
  // oxlint-disable-next-line typescript/unbound-method -- the methods are compared, not called
  return value.then === Promise.prototype.then && value.constructor === Promise;
}

/** Calls `next` as soon as all values are available. The call is synchronous if no value is a promise. */
export function whenAll<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): MaybePromise<R> {
  if (!values.some(isPromiseLike)) return next(values as readonly T[]); // None is a promise.
  return settle(values, next);
}

async function settle<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): Promise<R> {
  return next(await Promise.all(values.map(async (value) => value)));
}

/**
 * Calls `next` with a value as soon as it is available. For a promise, the result is `closed` if the promise rejects or
 * `next` throws. For any other value, an error of `next` is thrown.
 */
export function closedThen<T, R>(value: T | PromiseLike<T>, next: (value: T) => R, closed: R): MaybePromise<R> {
  return isPromiseLike(value) ? whenClosed(value, next, closed) : next(value);
}

async function whenClosed<T, R>(value: PromiseLike<T>, next: (value: T) => R, closed: R): Promise<R> {
  try {
    return next(await value);
  } catch {
    return closed;
  }
}
