import { types } from 'node:util';

/**
 * Calls a listener. Ignores its errors and the rejection of its promise. Therefore a listener cannot change an answer
 * or end the process.
 */
export function notify<Arguments extends readonly unknown[]>(
  listener: ((...args: Arguments) => unknown) | undefined,
  ...args: Arguments
): void {
  try {
    handleRejection(listener?.(...args));
  } catch {
    // The error of the listener is ignored.
  }
}

/**
 * Handles the rejection of a promise, because an unhandled rejection ends the process. Code that awaits the promise
 * still gets the rejection. Ignores a value that is not a native promise, because calling its `then` could start work.
 */
export function handleRejection(value: unknown): void {
  if (typeof value !== 'object' || !types.isPromise(value)) return;
  try {
    // A subclass can have its own `then`, or a constructor that throws.
    void Promise.prototype.then.call(value, undefined, ignore);
  } catch {
    // No derived promise was made.
  }
}

function ignore(): void {}
