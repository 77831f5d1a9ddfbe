import { types } from 'node:util';

/**
 * Calls a listener in passing. What it throws is lost, and so is what the promise that it returns rejects with: a listener changes no
 * answer and ends no process.
 */
export function notify<Arguments extends readonly unknown[]>(
  listener: ((...args: Arguments) => unknown) | undefined,
  ...args: Arguments
): void {
  try {
    handleRejection(listener?.(...args));
  } catch {
    // The caller has to go on.
  }
}

/**
 * Handles the rejection of a promise, so that it does not end the process where nothing else waits for it. What waits for it still
 * gets the rejection. The `then` of anything but a native promise is not called, as that can start work.
 */
export function handleRejection(value: unknown): void {
  if (typeof value !== 'object' || !types.isPromise(value)) return;
  try {
    // A subclass can have a `then` of its own, or a constructor that throws.
    void Promise.prototype.then.call(value, undefined, ignore);
  } catch {
    // Then no derived promise was made.
  }
}

function ignore(): void {}
