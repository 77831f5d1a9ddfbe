/** How long an answer is good, all in milliseconds. */
export interface KeptOptions {
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Until then it is not asked for again. */
  readonly freshFor: number;
  /** Until then it is used where no newer one can be had. */
  readonly usableFor: number;
  /** How long nobody is asked again, after a failure or for the sake of one caller. */
  readonly cooldown: number;
}

/** An answer from elsewhere that is kept. */
export interface Kept<T> {
  /** @throws what asking threw, where there is no answer that is usable */
  readonly get: () => Promise<T>;
  /** A newer answer than the one at hand, unless that has just come. @throws what asking threw */
  readonly renew: () => Promise<T>;
}

/** Asks once for any number of callers, and spares whoever does not answer. */
export function keep<T>(ask: () => Promise<T>, { now, freshFor, usableFor, cooldown }: KeptOptions): Kept<T> {
  let known: { readonly value: T; readonly at: number } | null = null;
  let asking: Promise<T> | null = null;
  let failed: { readonly error: unknown; readonly at: number } | null = null;

  // A clock that was set back makes nothing last longer.
  const isWithin = (at: number, duration: number) => now() >= at && now() - at < duration;

  async function attempt(): Promise<T> {
    try {
      const value = await ask();
      known = { value, at: now() };
      failed = null;
      return value;
    } catch (error) {
      failed = { error, at: now() };
      throw error;
    } finally {
      asking = null;
    }
  }

  function askAgain(): Promise<T> {
    if (asking) return asking;
    if (failed && isWithin(failed.at, cooldown)) return Promise.reject(failed.error);
    asking = attempt();
    return asking;
  }

  return {
    async get() {
      if (known && isWithin(known.at, freshFor)) return known.value;
      try {
        return await askAgain();
      } catch (error) {
        if (known && isWithin(known.at, usableFor)) return known.value;
        throw error;
      }
    },
    async renew() {
      return known && isWithin(known.at, cooldown) ? known.value : askAgain();
    },
  };
}
