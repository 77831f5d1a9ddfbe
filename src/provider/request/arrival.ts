import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The greatest age of a request, in milliseconds. An older request counts as this old. Otherwise a caller could choose
 * the time of arrival by sending its body slowly.
 */
const maxAgeMs = 10_000;
/** How often the process notes that it accepts connections. */
const intervalMs = 50;

/** Records when requests arrived. */
export interface Arrivals {
  /** Returns when the current request arrived, in milliseconds since the epoch. Outside of a request: now. */
  readonly arrivedAt: () => number;
  readonly around: {
    /** Returns the time of arrival of a request that arrives now, in milliseconds since the epoch. */
    readonly arrival: () => number;
    /**
     * Runs a function that answers a request. If the function makes the process send requests to itself, they have this
     * time of arrival too.
     *
     * @param arrivedAt - the time of arrival that `arrival` returned for the request
     */
    readonly run: <Values extends readonly unknown[]>(
      arrivedAt: number,
      answer: (...values: Values) => void,
      ...values: Values
    ) => void;
  };
  /** Stops the timer. */
  readonly close: () => void;
}

/**
 * Records when each request arrived. Under load, the process may handle it seconds later. Two requests in a race must
 * not look like a request and its replay.
 *
 * A busy process accepts no connections for a while. The time of arrival of a later request is unknown. Therefore the
 * last moment before the pause is used.
 *
 * @param now milliseconds since the epoch
 */
export function createArrivals(now: () => number): Arrivals {
  const arrived = new AsyncLocalStorage<number>();
  let listenedAt = now();
  const timer = setInterval(() => {
    listenedAt = now();
  }, intervalMs).unref();
  return {
    arrivedAt() {
      const present = now();
      // If the clock was set back, the time of arrival would be in the future.
      return Math.max(Math.min(arrived.getStore() ?? present, present), present - maxAgeMs);
    },
    around: {
      arrival: () => listenedAt,
      run: (arrivedAt, answer, ...values) => arrived.run(arrivedAt, answer, ...values),
    },
    close: () => clearInterval(timer),
  };
}
