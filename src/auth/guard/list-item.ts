import { types } from 'node:util';
import { handleRejection } from '../../protocol/notify.ts';
import { isPromiseLike } from '../maybe-promise.ts';

type Then = (value: unknown) => unknown;

/**
 * An item of a list on its way to the executor. It has a `then`, so the executor hands it the function that completes the item. An
 * item that is there is completed at once, and what is synchronous stays so.
 *
 * graphql-js drops the promises of a list's items when one of them fails at once. If a dropped promise rejected later, nothing
 * would handle it, and Node.js would end the process. So an item handles the rejection of every promise that it takes or gives.
 * The executor handles it once more where it waits for the promise.
 */
export class Item {
  #value: unknown;
  #pass: Then | null;
  #failed = false;

  /** @param pass - what the value passes through when the executor asks for it, once */
  constructor(value: unknown, pass: Then | null) {
    this.#value = value;
    this.#pass = pass;
    handleRejection(value);
  }

  /** Lets the value pass now. An error is kept for the executor. */
  prepare(): void {
    const pass = this.#pass;
    if (!pass) return;
    this.#pass = null;
    try {
      this.#value = isPromiseLike(this.#value) ? Promise.resolve(this.#value).then(pass) : pass(this.#value);
      handleRejection(this.#value);
    } catch (error) {
      this.#failed = true;
      this.#value = error;
    }
  }

  /**
   * The same before the executor asks, for an item that is a list: its own items can be promises, which nothing handles if the
   * executor never asks.
   */
  prepareAtOnce(): void {
    try {
      // To call the `then` of anything but a native promise can start work.
      if (types.isPromise(this.#value) || !isPromiseLike(this.#value)) this.prepare();
    } catch {
      // The `then` is a getter that throws. The executor gets to know when it asks.
    }
  }

  // oxlint-disable-next-line unicorn/no-thenable -- the executor is to take it for a promise.
  then(complete: Then, fail?: Then): unknown {
    this.prepare();
    if (this.#failed) {
      if (fail) return fail(this.#value);
      throw this.#value;
    }
    const value = this.#value;
    const completed = isPromiseLike(value) ? value.then(complete, fail) : complete(value);
    return isPromiseLike(completed) ? new Pending(completed) : completed;
  }
}

/** The promise of a completed item. */
class Pending {
  readonly #promise: PromiseLike<unknown>;

  constructor(promise: PromiseLike<unknown>) {
    this.#promise = promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- the executor is to take it for a promise.
  then(complete?: Then | null, fail?: Then | null): Promise<unknown> {
    const next = Promise.resolve(this.#promise).then(complete, fail);
    handleRejection(next);
    return next;
  }
}
