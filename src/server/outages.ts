import type { Logger } from '../observe/log.ts';
import type { OnUnavailable } from '../store/outage/reporting.ts';

/** How long a reason is not logged again. Otherwise every request during an outage would log it. */
const windowMs = 10_000;

/**
 * Makes a reporter that logs outages of the database. It logs each reason at most once in ten seconds. The member
 * `since` of the line is the number of statements that have failed for this reason after the last line, without a line
 * of their own.
 */
export function outageReporter(log: Logger): OnUnavailable {
  const last = new Map<string, { at: number; count: number }>();
  return (reason, error) => {
    const now = Date.now();
    const known = last.get(reason);
    if (known && Math.abs(now - known.at) < windowMs) {
      known.count += 1;
      return;
    }
    last.set(reason, { at: now, count: 0 });
    log.error({ reason, since: known?.count ?? 0, err: error }, 'the database is unavailable');
  };
}
