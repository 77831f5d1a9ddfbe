import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { defaultRetentionDays } from '../config/objects/replay.ts';
import type { ReadinessCheck } from '../http/health.ts';
import { sweepAuditEvents } from '../audit/retention.ts';
import { forgetWithdrawnKeys } from '../identity/keys/rotation.ts';
import { sweepSelfRegistrations } from '../identity/applications/self-registrations.ts';
import type { Logger } from '../observe/log.ts';
import { sweep } from '../store/sweep.ts';
import { sweepConnections } from '../store/connections/connections.ts';
import { takeLease } from '../store/leases.ts';
import { sweepRecordedRequests } from '../store/recorded/sweep.ts';
import { sweepRateLimits } from '../store/rate-limits.ts';
import { sweepReplays } from '../store/token/replays.ts';
import { sweepRevocations } from '../store/token/revocations.ts';
import type { Store } from '../store/tables.ts';
import { revocationMemoryMs } from './embedded/revocations.ts';

/** How often expired rows are deleted. */
const intervalMs = 60_000;

/**
 * Deletes four kinds of old data:
 *
 * - expired rows. `store/growth.ts` names the tables that have them;
 * - audit events that are too old or too many;
 * - recorded requests of days that are too long ago;
 * - the private parts of keys that are no longer published.
 *
 * @param now - in milliseconds since the epoch
 */
export async function sweepEverything(
  config: Pick<Config, 'lifetimes'> & Partial<Pick<Config, 'replay'>>,
  store: Store,
  now: number,
): Promise<void> {
  await sweep(store, now);
  await sweepReplays(store, now);
  await forgetWithdrawnKeys(store, now);
  await sweepRateLimits(store, now);
  await sweepConnections(store, now);
  await sweepRevocations(store, now - revocationMemoryMs(config), now);
  await sweepSelfRegistrations(store, now);
  await sweepAuditEvents(store, now);
  // Rows stay for their time after the recording was switched off.
  await sweepRecordedRequests(store, now, config.replay?.retentionDays ?? defaultRetentionDays);
}

/**
 * Starts a timer. Every minute, it deletes old data. Only the process that holds a lease deletes them.
 *
 * @returns the timer
 */
export function startSweeper(config: Config, store: Store, log: Logger): NodeJS.Timeout {
  const holder = randomUUID();
  const sweepAll = async () => {
    const now = Date.now();
    try {
      if (!(await takeLease(store, { name: 'sweep', holder, now, durationMs: 2 * intervalMs }))) return;
      await sweepEverything(config, store, now);
    } catch (error) {
      log.error({ err: error }, 'sweep failed');
    }
  };
  return setInterval(() => void sweepAll(), intervalMs).unref();
}

/** Makes the readiness check of the database. The check writes one row, because only a write finds a full disk. */
export function databaseCheck(store: Store): ReadinessCheck {
  return {
    name: 'database',
    // All processes use one holder name for this lease. Therefore each process always gets the lease.
    check: async () => {
      await takeLease(store, { name: 'readiness', holder: 'any process', now: Date.now(), durationMs: intervalMs });
    },
  };
}
