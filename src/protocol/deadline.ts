/** A moment that ends one or several waits. */
export interface Deadline {
  /** Resolves when the moment has come. Stays pending after `clear`. */
  readonly passed: Promise<void>;
  /** Stops the timer. */
  clear(): void;
}

/** Starts a timer for several waits that share one deadline. For a single wait use `withDeadline`. */
export function startDeadline(timeLimitMs: number): Deadline {
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeLimitMs);
  return { passed, clear: () => clearTimeout(timer) };
}

/**
 * Waits for a result until a deadline. The work is not stopped at the deadline, and its later rejection is handled.
 *
 * @param late - called at the deadline. Its return value is the result. An error that it throws is thrown
 * @throws the rejection of the work before the deadline
 */
export async function withDeadline<Result, Late>(
  work: Promise<Result>,
  timeLimitMs: number,
  late: () => Late,
): Promise<Result | Late> {
  const deadline = startDeadline(timeLimitMs);
  try {
    return await Promise.race([work, deadline.passed.then(late)]);
  } finally {
    deadline.clear();
  }
}

/**
 * Waits for a result until a deadline.
 *
 * @throws Error after the deadline. The work is not stopped
 */
export function inTime<Result>(work: Promise<Result>, timeLimitMs: number): Promise<Result> {
  return withDeadline(work, timeLimitMs, () => {
    throw new Error(`no answer in ${timeLimitMs} ms`);
  });
}
