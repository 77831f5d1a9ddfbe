import { hash } from 'node:crypto';
import type { CacheBound } from '../protocol/cache-bound.ts';
import type { KeptValue } from './kept.ts';
import type { KeySet } from './key-set.ts';

/** The caches of this room, with their bounds. These caches grow with the number of requests. */
export const issuerCaches: Readonly<Record<'unknownKeyIds', CacheBound>> = {
  unknownKeyIds: {
    entries: 1_000,
    bytes: 512 * 1024,
    grownBy: 'anyone',
    holds:
      'digests of key IDs that a foreign issuer does not have, for each foreign issuer; the oldest is removed first',
  },
};

/** The options of `createUnknownKeyIds`. */
export interface UnknownKeyIdsOptions {
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /**
   * How long the first miss of a key ID counts, in milliseconds. A further miss of this key ID counts twice as long as
   * the miss before it, but at most `maxWaitMs`.
   */
  readonly firstWaitMs: number;
  /** How long a miss counts at most, in milliseconds. */
  readonly maxWaitMs: number;
  /** How many key IDs are stored. The oldest is removed first. Default 1,000. */
  readonly entries?: number;
}

/** The key IDs that an issuer's key set did not have after a fetch. */
export interface UnknownKeyIds {
  /** Whether the keys may be fetched for this key ID. */
  mayAsk(kid: string): boolean;
  /** Records a miss: the keys were fetched and do not have the key ID. */
  missed(kid: string): void;
  readonly size: number;
}

/**
 * Makes a store of unknown key IDs. Without this store, every token with an unknown key ID would cause a fetch.
 *
 * A miss counts only for a limited time, because some issuers sign with a new key before they publish it.
 */
export function createUnknownKeyIds(options: UnknownKeyIdsOptions): UnknownKeyIds {
  const { clock, firstWaitMs, maxWaitMs, entries = issuerCaches.unknownKeyIds.entries } = options;
  const misses = new Map<string, { readonly at: number; readonly wait: number }>();

  const counts = (miss: { readonly at: number; readonly wait: number } | undefined) => {
    if (!miss) return false;
    const elapsed = clock() - miss.at;
    return elapsed >= 0 && elapsed < miss.wait;
  };
  return {
    mayAsk: (kid) => !counts(misses.get(nameOf(kid))),
    missed(kid) {
      const name = nameOf(kid);
      const last = misses.get(name);
      // One fetch is one miss, even if several callers waited for it.
      if (counts(last)) return;
      misses.delete(name);
      const oldest = misses.keys().next();
      if (misses.size >= entries && !oldest.done) misses.delete(oldest.value);
      misses.set(name, { at: clock(), wait: last ? Math.min(last.wait * 2, maxWaitMs) : firstWaitMs });
    },
    get size() {
      return misses.size;
    },
  };
}

/**
 * Reloads the keys of an issuer for an unknown key ID. Does nothing while an earlier miss of the key ID counts, and
 * within the cooldown after the start of the last load. If a load is in progress, it waits for this load.
 *
 * @param cooldownMs - the shortest time between two loads that unknown key IDs cause, in milliseconds
 */
export async function reloadForKeyId(
  kid: string,
  keys: KeptValue<KeySet>,
  unknown: UnknownKeyIds,
  cooldownMs: number,
): Promise<void> {
  if (!keys.isReloading && (keys.hasReloadedWithin(cooldownMs) || !unknown.mayAsk(kid))) return;
  try {
    await keys.reload();
  } catch {
    // This is not a miss: the issuer did not answer, so it may have the key.
    return;
  }
  if (!keys.atHand()?.names(kid)) unknown.missed(kid);
}

/** Returns a digest of fixed length, because the sender chooses the length of a key ID. */
function nameOf(kid: string): string {
  return hash('sha256', kid, 'base64url');
}
