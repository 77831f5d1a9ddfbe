import { types } from 'node:util';
import { handleRejection } from '../../protocol/notify.ts';
import { isNativePromise, isPromiseLike } from '../maybe-promise.ts';

type Then = (value: unknown) => unknown;

/**
 * An item of a list, wrapped for the executor. It has a method `then`, so the executor treats it as a promise. An item
 * that is not a promise is completed synchronously.
 *
 * If one item of a list fails synchronously, graphql-js drops the promises of the other items. If a dropped promise
 * rejects later, Node.js ends the process. Therefore a `ListItem` handles the rejection of every native promise that it
 * receives, and of every promise that it returns. The executor still receives the rejection if it waits for the
 * promise.
 */
export class ListItem {
  #value: unknown;
  #step: Then | null;
  #failed = false;

  /**
   * @param step - receives the value and returns the value for the executor. It is called at most once, before the
   * executor receives the value
   */
  constructor(value: unknown, step: Then | null) {
    this.#value = value;
    this.#step = step;
    handleRejection(value);
  }

  /** Runs the step, unless it has already run. If the step throws, the error is stored for the executor. */
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
   * Runs the step of an item that is a list, before the executor calls `then`. The items of this inner list can be
   * promises. Without the step, a rejection of these promises would not be handled.
   */
  prepareAtOnce(): void {
    try {
      // If the value is not a native promise, its `then` is not called, because this call can start work.
      if (types.isPromise(this.#value) || !isPromiseLike(this.#value)) this.prepare();
    } catch {
      // `then` is a getter that throws. It throws again when the executor reads it.
    }
  }

  /** Runs the step. Returns whether the functions for `then` are called with no other author's `then` in between. */
  isOwn(): boolean {
    this.prepare();
    return this.#failed || !isPromiseLike(this.#value) || isNativePromise(this.#value);
  }

  /** Runs the step. Returns the value. If `isOwn`, it is a native promise or not a promise. @throws the error of the step */
  take(): unknown {
    this.prepare();
    if (this.#failed) throw this.#value;
    return this.#value;
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
