/** Given at once, or later: what was synchronous stays so. */
export type MaybePromise<T> = T | Promise<T>;

export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Goes on with values once all of them are there: at once, if they are. */
export function whenAll<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): MaybePromise<R> {
  if (!values.some(isPromiseLike)) return next(values as readonly T[]); // None is a promise.
  return settle(values, next);
}

async function settle<T, R>(values: readonly MaybePromise<T>[], next: (settled: readonly T[]) => R): Promise<R> {
  return next(await Promise.all(values.map(async (value) => value)));
}

/** Goes on with a value; whatever is thrown later on the way is `false`. */
export function closedThen<T>(value: T | PromiseLike<T>, next: (value: T) => boolean): MaybePromise<boolean> {
  return isPromiseLike(value) ? closed(value, next) : next(value);
}

async function closed<T>(value: PromiseLike<T>, next: (value: T) => boolean): Promise<boolean> {
  try {
    return next(await value);
  } catch {
    return false;
  }
}

/** Whether all hold. They are all under way already. */
export function every(values: readonly MaybePromise<boolean>[]): MaybePromise<boolean> {
  return !values.includes(false) && whenAll(values, (settled) => settled.every((value) => value));
}

/** Whether one holds. They are all under way already. */
export function some(values: readonly MaybePromise<boolean>[]): MaybePromise<boolean> {
  return values.includes(true) || whenAll(values, (settled) => settled.includes(true));
}
