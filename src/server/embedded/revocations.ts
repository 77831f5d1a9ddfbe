import type { Config } from '../../config.ts';
import type { ReadinessCheck } from '../../http/health.ts';
import type { Logger } from '../../observe/log.ts';
import { revocationFeed } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { createRevocations, type Revocations } from '../../token/revocation/revocations.ts';

/** How often the feed is read, so that a token that another process revokes is refused here within two seconds. */
const pollIntervalMs = 1_000;
/** For how long the feed may fail before this process is not ready. After 30 seconds it accepts no token. */
const readyForMs = 5_000;
/**
 * The assumed maximum of an access token's lifetime: before a restart, the configured lifetime may have been longer.
 */
const maxLifetimeMs = 24 * 60 * 60_000;
/** Room for clocks that differ and for tokens on their way. */
const marginMs = 5 * 60_000;

/** The revocations on a database, which follow it. */
export interface FollowedRevocations {
  readonly revocations: Revocations;
  readonly check: ReadinessCheck;
  /** Reads the feed now. */
  readonly wake: () => void;
  readonly close: () => void;
}

/**
 * Returns for how long a revocation is remembered, in milliseconds: until the last token that it may concern has
 * expired.
 */
export function revocationMemoryMs({ lifetimes }: Pick<Config, 'lifetimes'>): number {
  return Math.max(lifetimes.access * 1_000, maxLifetimeMs) + marginMs;
}

/**
 * Makes the index of the revocations on a database. It is empty until `refresh` is called, and nothing updates it
 * later.
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
 * Reads the revocations on a database, and follows what this process and others add.
 *
 * @throws the error of the first read: without it no token could be accepted
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
      // Logged once for each outage: it may be long, and this fails every second.
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
