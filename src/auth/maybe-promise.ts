/** Given at once, or later: what was synchronous stays so. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether graphql-js waits for a value: it reads `then` of any object or function. */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  // An `in` before it could answer otherwise: a proxy can say that it has no `then`, and give one.
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/** Goes on with values once all of them are there: at once, if they are. */
export function whenAll<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): MaybePromise<R> {
  if (!values.some(isPromiseLike)) return next(values as readonly T[]); // None is a promise.
  return settle(values, next);
}

async function settle<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): Promise<R> {
  return next(await Promise.all(values.map(async (value) => value)));
}

/** Goes on with a value; whatever is thrown later on the way is `closed`. */
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
