import type { Config } from '../../config.ts';
import type { ReadinessCheck } from '../../http/health.ts';
import type { Logger } from '../../observe/log.ts';
import { revocationFeed } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { createRevocations, type Revocations } from '../../token/revocation/revocations.ts';

/** How often the feed is read. This process refuses a token within two seconds after another process has revoked it. */
const pollIntervalMs = 1_000;
/**
 * How long reading the feed may fail before this process is not ready. After 30 seconds of failures, the process
 * accepts no token.
 */
const readyForMs = 5_000;
/** The assumed maximum lifetime of an access token. The configured lifetime may have been longer before a restart. */
const maxLifetimeMs = 24 * 60 * 60_000;
/** The margin for clocks that differ and for tokens in transit. */
const marginMs = 5 * 60_000;

/** The revocations in a database. The process reads new revocations every second. */
export interface FollowedRevocations {
  readonly revocations: Revocations;
  readonly check: ReadinessCheck;
  /** Reads the feed now. */
  readonly wake: () => void;
  readonly close: () => void;
}

/** Returns how long a revocation is remembered, in milliseconds. All tokens that it may revoke have expired by then. */
export function revocationMemoryMs({ lifetimes }: Pick<Config, 'lifetimes'>): number {
  return Math.max(lifetimes.access * 1_000, maxLifetimeMs) + marginMs;
}

/**
 * Makes the index of the revocations in a database. Only `refresh` reads the database. Before the first `refresh`, the
 * index is empty.
 */
export function storedRevocations(config: Config, store: Store): Revocations {
  const feed = revocationFeed(
    store,
    { issuer: config.publicUrl, memoryMs: revocationMemoryMs(config), now: Date.now },
    (some) => revocations.add(some),
  );
  const revocations: Revocations = createRevocations({ feed });
  return revocations;
}

/**
 * Reads the revocations in a database, and then reads the new revocations of all processes every second.
 *
 * @throws the error of the first read, because without it the server could accept no token
 */
export async function followRevocations(config: Config, store: Store, log: Logger): Promise<FollowedRevocations> {
  const revocations = storedRevocations(config, store);
  await revocations.refresh();
  let failing = false;
  const read = async () => {
    try {
      await revocations.refresh();
      failing = false;
    } catch (error) {
      // Each outage is logged once, because the read fails every second during an outage.
      if (!failing) log.error({ err: error }, 'revocations cannot be read');
      failing = true;
    }
  };
  const timer = setInterval(() => void read(), pollIntervalMs).unref();
  return {
    revocations,
    check: {
      name: 'revocations',
      check: async () => {
        if (revocations.readAt === null || Date.now() - revocations.readAt > readyForMs) throw new Error('out of date');
      },
    },
    wake: () => void read(),
    close: () => clearInterval(timer),
  };
}
