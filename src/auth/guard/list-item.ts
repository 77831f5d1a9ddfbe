import { types } from 'node:util';
import { handleRejection } from '../../protocol/notify.ts';
import { isPromiseLike } from '../maybe-promise.ts';

type Then = (value: unknown) => unknown;

/**
 * An item of a list, wrapped for the executor. It has a method `then`, so the executor calls `then` with the function
 * that completes the item. An item that is available is completed synchronously.
 *
 * When one item of a list fails synchronously, graphql-js drops the promises of the others. If a dropped promise
 * rejected later, no code would handle the rejection, and Node.js would end the process. So a `ListItem` handles the
 * rejection of every promise that it receives or returns. If the executor waits for the promise, the executor handles
 * the rejection too.
 */
export class ListItem {
  #value: unknown;
  #step: Then | null;
  #failed = false;

  /**
   * @param step - called once with the value, at the latest when the executor asks for it. It returns the value for the
   * executor
   */
  constructor(value: unknown, step: Then | null) {
    this.#value = value;
    this.#step = step;
    handleRejection(value);
  }

  /** Runs the step now. An error is stored for the executor. */
  prepare(): void {
    const step = this.#step;
    if (!step) return;
    this.#step = null;
    try {
      this.#value = isPromiseLike(this.#value) ? Promise.resolve(this.#value).then(step) : step(this.#value);
      handleRejection(this.#value);
    } catch (error) {
      this.#failed = true;
      this.#value = error;
    }
  }

  /**
   * Runs the step of an item that is itself a list, before the executor asks for the item. The items of the inner list
   * can be promises. If the executor never asked for them, no code would handle their rejections.
   */
  prepareAtOnce(): void {
    try {
      // The `then` of a value that is not a native promise is not called, because the call can start work.
      if (types.isPromise(this.#value) || !isPromiseLike(this.#value)) this.prepare();
    } catch {
      // `then` is a getter that throws. It throws again when the executor asks.
    }
  }

  // oxlint-disable-next-line unicorn/no-thenable -- the executor must treat it as a promise.
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

  // oxlint-disable-next-line unicorn/no-thenable -- the executor must treat it as a promise.
  then(complete?: Then | null, fail?: Then | null): Promise<unknown> {
    const next = Promise.resolve(this.#promise).then(complete, fail);
    handleRejection(next);
    return next;
  }
}
