/** A value or a promise of it. Work that can be synchronous stays synchronous. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether graphql-js waits for a value: whether an object or a function has a method `then`. */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  // Not preceded by `in`: a proxy can deny that it has a `then` and still return one.
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/** Calls `next` with all values once they are available: synchronously if none is a promise. */
export function whenAll<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): MaybePromise<R> {
  if (!values.some(isPromiseLike)) return next(values as readonly T[]); // None is a promise.
  return settle(values, next);
}

async function settle<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): Promise<R> {
  return next(await Promise.all(values.map(async (value) => value)));
}

/**
 * Calls `next` with a value once it is available. If the promise rejects, or `next` throws after it, the result is
 * `closed`. An error that `next` throws synchronously is thrown.
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
