import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The greatest age of a request, in milliseconds. An older request counts as this old, so that a caller gains nothing
 * by sending its body slowly.
 */
const maxAgeMs = 10_000;
/** How often the process notes that it accepts connections. */
const intervalMs = 50;

/** The times at which requests arrived. */
export interface Arrivals {
  /** Returns when the current request arrived, in milliseconds since the epoch. Outside of a request: now. */
  readonly arrivedAt: () => number;
  /**
   * Answers a request that arrives now. Requests that the process sends to itself while it answers have the same time
   * of arrival.
   */
  readonly around: (answer: () => void) => void;
  /** Stops the timer. */
  readonly close: () => void;
}

/**
 * Remembers when each request arrived. Under load, the answer may come seconds later. Two requests that race with each
 * other must not look like a request and its replay.
 *
 * A busy process accepts no connections. A request that it accepts afterwards may have arrived at any time since it last
 * accepted one, so the earliest of these times is used.
 *
 * @param now milliseconds since the epoch
 */
export function arrivals(now: () => number): Arrivals {
  const arrived = new AsyncLocalStorage<number>();
  let listenedAt = now();
  const timer = setInterval(() => {
    listenedAt = now();
  }, intervalMs).unref();
  return {
    arrivedAt() {
      const present = now();
      return Math.max(arrived.getStore() ?? present, present - maxAgeMs);
    },
    around: (answer) => arrived.run(Math.min(listenedAt, now()), answer),
    close: () => clearInterval(timer),
  };
}
