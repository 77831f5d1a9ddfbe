import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import type { ReadinessCheck } from '../http/health.ts';
import { sweepAuditEvents } from '../audit/retention.ts';
import { forgetWithdrawnKeys } from '../identity/keys/rotation.ts';
import { sweepSelfRegistrations } from '../identity/applications/self-registrations.ts';
import type { Logger } from '../observe/log.ts';
import { sweep } from '../store/sweep.ts';
import { sweepConnections } from '../store/connections/connections.ts';
import { takeLease } from '../store/leases.ts';
import { sweepRateLimits } from '../store/rate-limits.ts';
import { sweepReplays } from '../store/token/replays.ts';
import { sweepRevocations } from '../store/token/revocations.ts';
import type { Store } from '../store/tables.ts';
import { revocationMemory } from './embedded/revocations.ts';

/** How often expired rows are swept, in milliseconds. */
const interval = 60_000;

/**
 * Deletes what has expired of every table, used or not (store/growth.ts).
 *
 * @param now milliseconds since the epoch
 */
export async function sweepEverything(config: Pick<Config, 'lifetimes'>, store: Store, now: number): Promise<void> {
  await sweep(store, now);
  await sweepReplays(store, now);
  await forgetWithdrawnKeys(store, now);
  await sweepRateLimits(store, now);
  await sweepConnections(store, now);
  await sweepRevocations(store, now - revocationMemory(config), now);
  await sweepSelfRegistrations(store, now);
  await sweepAuditEvents(store, now);
}

/** Deletes what has expired, every minute: of all processes on a database one does it. @returns the timer */
export function keepSwept(config: Config, store: Store, log: Logger): NodeJS.Timeout {
  const holder = randomUUID();
  const sweepAll = async () => {
    const now = Date.now();
    try {
      if (!(await takeLease(store, { name: 'sweep', holder, now, durationMs: 2 * interval }))) return;
      await sweepEverything(config, store, now);
    } catch (error) {
      log.error({ err: error }, 'sweep failed');
    }
  };
  return setInterval(() => void sweepAll(), interval).unref();
}

/** Whether the database answers and takes writes: one row is written, since a full disk is found by nothing less. */
export function databaseCheck(store: Store): ReadinessCheck {
  return {
    name: 'database',
    // All processes are the same holder, so that each of them always gets it.
    check: async () => {
      await takeLease(store, { name: 'readiness', holder: 'whoever asks', now: Date.now(), durationMs: interval });
    },
  };
}
