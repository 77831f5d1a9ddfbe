/** Work of which one run serves all callers that ask for it meanwhile. */
export interface SingleFlight<Key, Result> {
  /** Runs the work, or joins the run of this key that is in progress. The next call after its end runs it anew. */
  run(key: Key, work: () => Promise<Result>): Promise<Result>;
  /** Whether a run of this key is in progress. */
  isRunning(key: Key): boolean;
}

/**
 * Makes a single flight: any number of callers that ask for the same key at once share one run and its outcome, success or failure.
 *
 * Remembers nothing after the run: how long an outcome counts is the caller's choice.
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
