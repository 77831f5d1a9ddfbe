/** A time at which several waits end. */
export interface Deadline {
  /** Resolves at the deadline. Stays pending after `clear`. */
  readonly passed: Promise<void>;
  /** Stops the timer. */
  clear(): void;
}

/** Starts the timer of a deadline. For a single wait, use `withDeadline`. */
export function startDeadline(timeLimitMs: number): Deadline {
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeLimitMs);
  return { passed, clear: () => clearTimeout(timer) };
}

/**
 * Waits for a result until a deadline. The work is not stopped at the deadline. A later rejection of the work is
 * handled.
 *
 * @param late - called at the deadline. Its return value becomes the result, and its error becomes the rejection
 * @throws the error of the work, if the work rejects before the deadline
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
 * Waits for a result until a deadline. The work is not stopped at the deadline.
 *
 * @throws Error after the deadline; the error of the work, if the work rejects before
 */
export function inTime<Result>(work: Promise<Result>, timeLimitMs: number): Promise<Result> {
  return withDeadline(work, timeLimitMs, () => {
    throw new Error(`no answer in ${timeLimitMs} ms`);
  });
}
