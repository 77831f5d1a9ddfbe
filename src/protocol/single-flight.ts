/** Runs of work that callers share. A caller that requests the work during a run gets the outcome of that run. */
export interface SingleFlight<Key, Result> {
  /** Runs the work, or joins the run of this key in progress. The next call after its end starts a new run. */
  run(key: Key, work: () => Promise<Result>): Promise<Result>;
  /** Whether a run of this key is in progress. */
  isRunning(key: Key): boolean;
}

/**
 * Makes a single flight. Callers that request the same key at the same time share one run and its outcome, success or
 * failure.
 *
 * Does not store the outcome: the caller decides whether to cache it.
 */
export function createSingleFlight<Key, Result>(): SingleFlight<Key, Result> {
  const running = new Map<Key, Promise<Result>>();
  return {
    run(key, work) {
      const known = running.get(key);
      if (known) return known;
      const result = Promise.try(work).finally(() => running.delete(key));
      running.set(key, result);
      return result;
    },
    isRunning: (key) => running.has(key),
  };
}
