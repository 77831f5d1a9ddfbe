import { handleRejection } from '../../../protocol/notify.ts';

/** Writes a value that no part of the executor has completed. @returns its text, or its mark until the result is known */
export type WriteRaw = (value: unknown) => string;

/** The text of a completed value on its way through the `then` of another author. */
export class Wrapped {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  /** Runs no code of the value. `instanceof` throws for a proxy that was revoked. */
  static is(value: unknown): value is Wrapped {
    return typeof value === 'object' && value !== null && #text in value;
  }
}

/** Whether graphql-js waits for a value. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/**
 * A promise of a completed value that went through the `then` of another author. It resolves with a `Wrapped`, or with a
 * value that is not completed. graphql-js puts such a value into the result as it is.
 *
 * This class has no method `then`. A promise of JavaScript must receive the promise of the other author itself, because
 * it waits again for a value that has a method `then`, and rejects if this member cannot be read.
 */
export class ForeignPromise {
  readonly #promise: PromiseLike<unknown>;
  readonly #raw: WriteRaw;

  constructor(promise: PromiseLike<unknown>, raw: WriteRaw) {
    this.#promise = promise;
    this.#raw = raw;
  }

  /** Returns the promise of the other author. */
  get promise(): PromiseLike<unknown> {
    return this.#promise;
  }

  /** Calls the other author's `then` to handle a rejection, as graphql-js does. */
  rescued(fail: (reason: unknown) => null): string | ForeignPromise {
    return adopted(this.#promise.then(undefined, fail), this.#raw);
  }

  /** Handles a rejection with a native promise, which resolves when the other author's promise resolves. */
  rescuedNatively(fail: (reason: unknown) => null): ForeignPromise {
    return new ForeignPromise(Promise.resolve(this.#promise).then(undefined, fail), this.#raw);
  }

  /** Handles a rejection with a native promise, as the promise does that a native `then` returns. */
  rescuedAfterAdoption(fail: (reason: unknown) => null): ForeignPromise {
    const adopting = new Promise<unknown>((resolve) => resolve(this.#promise));
    return new ForeignPromise(adopting.then(undefined, fail), this.#raw);
  }

  /** Passes the outcome on. The functions must not throw. */
  deliverTo(arrived: (text: string) => void, failed: (error: unknown) => void): void {
    Promise.resolve(this.#promise).then((value) => arrived(textOf(value, this.#raw)), failed);
  }

  /** Handles a rejection, if the other author's promise is a native one. */
  handleRejection(): void {
    handleRejection(this.#promise);
  }
}

/** Returns what the `then` of another author has returned. */
export function adopted(value: unknown, raw: WriteRaw): string | ForeignPromise {
  return isThenable(value) ? new ForeignPromise(value, raw) : textOf(value, raw);
}

function textOf(value: unknown, raw: WriteRaw): string {
  return Wrapped.is(value) ? value.text : raw(value);
}
