import { AsyncLocalStorage } from 'node:async_hooks';

/** How long ago a request may have arrived at most, in milliseconds: who sends its body slowly gains no more. */
const longest = 10_000;
/** How often it is noted that the process is listening, in milliseconds. */
const interval = 50;

/** When the request that is being answered arrived. */
export interface Arrivals {
  /** In milliseconds since the epoch; outside of a request, now. */
  readonly arrivedAt: () => number;
  /** Answers a request that arrives now. What it asks of ourselves meanwhile arrived with it. */
  readonly around: (answer: () => void) => void;
  /** Stops noting that the process listens. */
  readonly close: () => void;
}

/**
 * Remembers when each request arrived. Under load it may be answered seconds later, and what races with another request shall
 * not look like a replay of it. While the process was busy it heard nobody: whoever is heard then may have come at any time
 * since it last listened, and is taken to have come first.
 *
 * @param now milliseconds since the epoch
 */
export function arrivals(now: () => number): Arrivals {
  const arrived = new AsyncLocalStorage<number>();
  let listening = now();
  const timer = setInterval(() => {
    listening = now();
  }, interval).unref();
  return {
    arrivedAt() {
      const present = now();
      return Math.max(arrived.getStore() ?? present, present - longest);
    },
    around: (answer) => arrived.run(Math.min(listening, now()), answer),
    close: () => clearInterval(timer),
  };
}
