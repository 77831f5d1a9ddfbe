import { handleRejection } from '../../protocol/notify.ts';
import { Group } from './unsettled.ts';

/** A completed value: a JSON text, null, an object or list that is not settled, or a promise of a text or null. */
export type Completed = string | null | Group | Pending;

/**
 * A promise of a completed value: any object with a method `then`. Its type is open, because another author's `then`
 * can return anything.
 */
export type Pending = PromiseLike<unknown>;

/** Returns a completed value for the callback of a promise, which can wait for promises only. */
export function asPromise(completed: Completed): string | null | Pending {
  if (!(completed instanceof Group)) return completed;
  completed.run.isExact = true; // What the promise resolves may depend on its time.
  const promise = new Promise<string>((resolve, reject) => {
    completed.deliverTo({ arrived: resolve, failed: reject }, 0);
  });
  handleRejection(promise); // Another author's promise may never wait for it.
  return promise;
}

/** Whether graphql-js waits for a value. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/** Writes a value that no part of the executor has completed. */
export type WriteRaw = (value: unknown) => Completed;

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
  if (isNative(promise)) return promise.then((value) => asPromise(complete(value)));
  return adopt(
    promise.then((value) => wrap(asPromise(complete(value)))),
    raw,
  );
}

/** A completed value on its way through the `then` of another author. */
class Wrapped {
  readonly #value: Completed;

  constructor(value: Completed) {
    this.#value = value;
  }

  get value(): Completed {
    return this.#value;
  }

  /** Runs no code of the value. `instanceof` throws for a proxy that was revoked. */
  static is(value: unknown): value is Wrapped {
    return typeof value === 'object' && value !== null && #value in value;
  }
}

/**
 * A promise of another author. Its `then` can return or resolve with values that are not completed. graphql-js puts
 * these values into the result as they are.
 */
export class ForeignPromise implements PromiseLike<unknown> {
  readonly #promise: PromiseLike<unknown>;
  readonly #raw: WriteRaw;

  constructor(promise: PromiseLike<unknown>, raw: WriteRaw) {
    this.#promise = promise;
    this.#raw = raw;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- the executor and `Promise.all` treat it as a promise
  then<A = unknown, B = never>(
    complete?: ((value: unknown) => A | PromiseLike<A>) | null,
    fail?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    const raw = this.#raw;
    const next = this.#promise.then(
      (value) => {
        const completed = unwrap(value, raw);
        return wrap(complete ? complete(completed) : completed);
      },
      fail ? (reason: unknown): unknown => wrap(fail(reason)) : undefined,
    );
    return adopt(next, raw) as PromiseLike<A | B>;
  }

  /** Returns a native promise of the value, which resolves when the other author's promise resolves. */
  native(): Promise<unknown> {
    return Promise.resolve(this.#promise);
  }

  /** Handles a rejection, if the other author's promise is a native one. */
  handleRejection(): void {
    handleRejection(this.#promise);
  }

  get raw(): WriteRaw {
    return this.#raw;
  }
}

/** Returns the promise of an item of a list as a native promise. The caller must handle its rejection. */
export function rescued(pending: Pending, fail: (reason: unknown) => Completed): Promise<unknown> {
  if (!(pending instanceof ForeignPromise)) return Promise.resolve(pending).then(undefined, fail);
  const { raw } = pending;
  return pending.native().then((value) => unwrap(value, raw), fail);
}

function wrap(completed: unknown): unknown {
  if (Wrapped.is(completed)) return completed; // A synchronous `then` of another author can wrap a value twice.
  if (!isThenable(completed)) return new Wrapped(completed as Completed);
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- another author's promise must wait for it
    then(resolve?: (value: unknown) => unknown, reject?: (reason: unknown) => unknown) {
      const next = completed.then((value) => {
        const wrapped = new Wrapped(value as Completed);
        return resolve ? resolve(wrapped) : wrapped;
      }, reject);
      // A native promise resolves with the wrapped value. A `ForeignPromise` has unwrapped it.
      return completed instanceof ForeignPromise ? wrap(next) : next;
    },
  };
}

function unwrap(value: unknown, raw: WriteRaw): Completed {
  return Wrapped.is(value) ? value.value : raw(value);
}

function adopt(value: unknown, raw: WriteRaw): Completed {
  return isThenable(value) ? new ForeignPromise(value, raw) : unwrap(value, raw);
}
