import type { Config } from '../../config.ts';
import type { ReadinessCheck } from '../../http/health.ts';
import type { Logger } from '../../observe/log.ts';
import { revocationFeed } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { createRevocations, type Revocations } from '../../token/revocation/revocations.ts';

/** How often the feed is read, in milliseconds: what another process revokes is refused here within two seconds. */
const interval = 1_000;
/** For how long the feed may fail, in milliseconds, before this process is not ready; after 30 seconds it accepts no token. */
const readyFor = 5_000;
/** An access token's lifetime was perhaps longer before a restart, in milliseconds. */
const longestLifetime = 24 * 60 * 60_000;
/** How long a token may be on its way, and how far clocks may be off, in milliseconds. */
const margin = 5 * 60_000;

export interface FollowedRevocations {
  readonly revocations: Revocations;
  readonly check: ReadinessCheck;
  /** Reads the feed now. */
  readonly wake: () => void;
  readonly close: () => void;
}

/** For how long a revocation is remembered, in milliseconds: until the last token that it may concern has run out. */
export function revocationMemory({ lifetimes }: Pick<Config, 'lifetimes'>): number {
  return Math.max(lifetimes.access * 1_000, longestLifetime) + margin;
}

/** The index of revocations over a database, without anything that keeps it up to date. */
export function storedRevocations(config: Config, store: Store): Revocations {
  const feed = revocationFeed(
    store,
    { issuer: config.publicUrl, memoryMs: revocationMemory(config), now: Date.now },
    (some) => revocations.add(some),
  );
  const revocations: Revocations = createRevocations({ feed });
  return revocations;
}

/**
 * What was revoked on this database, by this process or another, kept up to date.
 *
 * @throws what the first reading threw: without it no token could be accepted
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
      // Once for each outage: it may be long, and this happens every second.
      if (!failing) log.error({ err: error }, 'revocations cannot be read');
      failing = true;
    }
  };
  const timer = setInterval(() => void read(), interval).unref();
  return {
    revocations,
    check: {
      name: 'revocations',
      check: async () => {
        if (revocations.readAt === null || Date.now() - revocations.readAt > readyFor) throw new Error('out of date');
      },
    },
    wake: () => void read(),
    close: () => clearInterval(timer),
  };
}
