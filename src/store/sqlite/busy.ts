import { setTimeout } from 'node:timers/promises';

/**
 * The longest pause between two attempts, in milliseconds. The length is random. Otherwise one process could lose every
 * race.
 */
const pauseMs = 8;

/**
 * Calls a synchronous function, and calls it again after a pause while another process has the file locked.
 *
 * SQLite itself can wait (`busy_timeout`), but this would block the only thread and every request. It also does not
 * wait when a file is switched to WAL.
 *
 * @param work may throw SQLITE_BUSY before it has changed anything
 * @param limitMs returns how long to try, in milliseconds. Called at the first refusal
 * @param mayStart called immediately before each attempt. While it returns a promise, the attempt waits. Default: no
 *   waiting
 * @throws the last SQLITE_BUSY when the limit is over; every other error at once
 */
export async function untilFree<T>(
  work: () => T,
  limitMs: () => number,
  mayStart: () => Promise<void> | null = () => null,
): Promise<T> {
  let until: number | undefined;
  for (;;) {
    for (let wait = mayStart(); wait; wait = mayStart()) await wait;
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      until ??= performance.now() + limitMs();
      if (performance.now() >= until) throw error;
      await setTimeout(1 + Math.random() * pauseMs);
    }
  }
}

/** Whether an error is SQLITE_BUSY or one of its extended codes (https://sqlite.org/rescode.html). */
export function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}
