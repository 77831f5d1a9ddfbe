/** Latencies, counted in steps. It takes the same memory for any number of requests. */
export interface Latencies {
  add(latencyMs: number): void;
  readonly count: number;
  /** Returns the latency that this share of the requests does not exceed, in milliseconds. NaN: there are none. */
  at(share: number): number;
  clear(): void;
}

/** The steps are hundredths of a millisecond. */
const stepsPerMs = 100;
/** Greater latencies count as this one. */
const greatestMs = 10_000;

/** Makes an empty set of latencies. */
export function createLatencies(): Latencies {
  const steps = new Uint32Array(greatestMs * stepsPerMs + 1);
  let count = 0;
  return {
    add(latencyMs) {
      const step = Math.min(steps.length - 1, Math.trunc(latencyMs * stepsPerMs));
      steps[step] = (steps[step] ?? 0) + 1;
      count += 1;
    },
    get count() {
      return count;
    },
    at(share) {
      if (count === 0) return Number.NaN;
      let left = share * count;
      for (let step = 0; step < steps.length; step += 1) {
        left -= steps[step] ?? 0;
        if (left <= 0) return (step + 0.5) / stepsPerMs;
      }
      return greatestMs;
    },
    clear() {
      steps.fill(0);
      count = 0;
    },
  };
}
