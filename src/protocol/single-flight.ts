/** Runs work that several callers request at the same time. A caller gets the outcome of the run in progress. */
export interface SingleFlight<Key, Result> {
  /** Runs the work. If a run with this key is in progress, it returns the outcome of that run instead. */
  run(key: Key, work: () => Promise<Result>): Promise<Result>;
  /** Whether a run with this key is in progress. */
  isRunning(key: Key): boolean;
}

/**
 * Makes a single flight. Callers with one key share one run and its outcome, also if the run fails.
 *
 * Does not store the outcome after the run.
 */
export function createSingleFlight<Key, Result>(): SingleFlight<Key, Result> {
  const running = new Map<Key, Promise<Result>>();
  return {
    run(key, work) {
      const known = running.get(key);
      if (known) return known;
      // An exception of `work` becomes a rejection. Node.js 22 has no `Promise.try`.
      const result = (async () => work())().finally(() => running.delete(key));
      running.set(key, result);
      return result;
    },
    isRunning: (key) => running.has(key),
  };
}
