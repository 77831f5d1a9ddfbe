/** A moment after which a result is not waited for. */
export interface Deadline {
  /** Resolves when the moment has come. Stays pending after `clear`. */
  readonly passed: Promise<void>;
  /** Stops the timer. */
  clear(): void;
}

/** Starts a timer. For several waits that share one deadline; for one wait use `withDeadline`. */
export function startDeadline(timeLimitMs: number): Deadline {
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeLimitMs);
  return { passed, clear: () => clearTimeout(timer) };
}

/**
 * Waits for a result until a deadline, and then for nothing: what was begun may go on, and its later rejection is handled.
 *
 * @param late - called once the deadline has passed; what it returns is the result, what it throws is thrown
 * @throws what the work rejects with before the deadline
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
 * Waits for a result, but not without end.
 *
 * @throws Error where the time has run out; what was begun may go on
 */
export function inTime<Result>(work: Promise<Result>, timeLimitMs: number): Promise<Result> {
  return withDeadline(work, timeLimitMs, () => {
    throw new Error(`no answer in ${timeLimitMs} ms`);
  });
}
