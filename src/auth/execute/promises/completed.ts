import { handleRejection } from '../../../protocol/notify.ts';
import { adopted, type ForeignPromise, Wrapped, type WriteRaw } from './foreign-promise.ts';
import { Group } from './unsettled.ts';

/** A completed value: a JSON text, null, an object or list that is not settled, or a promise of another author. */
export type Completed = string | null | Group | ForeignPromise;

/**
 * Whether a value is a promise of JavaScript itself, with its own `then`. Call it for a value with a method `then`. An
 * object that only looks so throws when its `then` is called, and then this is the error in graphql-js too.
 */
export function isNative(value: PromiseLike<unknown>): value is Promise<unknown> {
  // oxlint-disable-next-line typescript/unbound-method -- the methods are compared, not called
  return value.then === Promise.prototype.then && value.constructor === Promise;
}

/** Calls `complete` with the value of a promise, as graphql-js does. */
export function thenComplete(
  promise: PromiseLike<unknown>,
  complete: (value: unknown) => Completed,
  raw: WriteRaw,
): Completed {
  return adopted(
    promise.then((value) => handedOut(complete(value))),
    raw,
  );
}

/** Returns a completed value in the form in which the `then` of another author receives it. */
function handedOut(completed: Completed): unknown {
  if (completed === null) return null;
  if (typeof completed === 'string') return new Wrapped(completed);
  return completed instanceof Group ? promiseOf(completed) : completed.promise;
}

function promiseOf(group: Group): Promise<Wrapped> {
  group.run.isExact = true; // What the promise resolves may depend on its time.
  const promise = new Promise<Wrapped>((resolve, reject) => {
    group.deliverTo({ arrived: (text) => resolve(new Wrapped(text)), failed: reject }, 0);
  });
  handleRejection(promise); // Another author's promise may never wait for it.
  return promise;
}
