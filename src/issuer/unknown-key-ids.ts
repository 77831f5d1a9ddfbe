import { hash } from 'node:crypto';
import type { CacheBound } from '../protocol/cache-bound.ts';
import type { Kept } from './kept.ts';
import type { KeySet } from './key-set.ts';

/** The caches of this room that callers can make grow. */
export const issuerCaches: Readonly<Record<'unknownKeyIds', CacheBound>> = {
  unknownKeyIds: {
    entries: 1_000,
    bytes: 512 * 1024,
    grownBy: 'anyone',
    holds: 'digests of key IDs that an issuer does not have, for each issuer elsewhere; the oldest goes first',
  },
};

/** Settings of the memory of unknown key IDs. */
export interface UnknownKeyIdsOptions {
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /**
   * How long the first miss of a key ID counts, in milliseconds. Each further miss of the same key ID counts twice as
   * long as the previous miss.
   */
  readonly firstWait: number;
  /** The longest time that a miss counts, in milliseconds. */
  readonly maxWait: number;
  /** How many key IDs are remembered. The oldest is removed first. Default 1,000. */
  readonly entries?: number;
}

/** Key IDs for which an issuer's keys were fetched without success. */
export interface UnknownKeyIds {
  /** Whether the keys may be fetched for this key ID (again). */
  mayAsk(kid: string): boolean;
  /** Records that the keys were just fetched and do not have the key ID. */
  missed(kid: string): void;
  readonly size: number;
}

/**
 * Makes a memory of unknown key IDs. Without it, each token of a withdrawn key would cause a fetch.
 *
 * A miss counts only for a limited time, because some issuers sign with a new key shortly before they publish it.
 */
export function createUnknownKeyIds(options: UnknownKeyIdsOptions): UnknownKeyIds {
  const { clock, firstWait, maxWait, entries = issuerCaches.unknownKeyIds.entries } = options;
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
      // Many callers may have waited for the same fetch. The fetch counts as one miss.
      if (counts(last)) return;
      misses.delete(name);
      const oldest = misses.keys().next();
      if (misses.size >= entries && !oldest.done) misses.delete(oldest.value);
      misses.set(name, { at: clock(), wait: last ? Math.min(last.wait * 2, maxWait) : firstWait });
    },
    get size() {
      return misses.size;
    },
  };
}

/**
 * Reloads the keys of an issuer for a key ID that they do not have. Does not reload while an earlier miss of the key ID
 * counts, and not within the cooldown after the last load began. If a load is in progress, waits for it.
 *
 * @param cooldownMs - the shortest time between two loads that unknown key IDs cause, in milliseconds
 */
export async function reloadForKeyId(
  kid: string,
  keys: Kept<KeySet>,
  unknown: UnknownKeyIds,
  cooldownMs: number,
): Promise<void> {
  if (!keys.isReloading && (keys.hasReloadedWithin(cooldownMs) || !unknown.mayAsk(kid))) return;
  try {
    await keys.reload();
  } catch {
    // The issuer did not answer, so it may have the key. This failure does not count as a miss.
    return;
  }
  if (!keys.atHand()?.names(kid)) unknown.missed(kid);
}

/** Returns a digest, so that all entries have the same size. The sender chooses the length of a key ID. */
function nameOf(kid: string): string {
  return hash('sha256', kid, 'base64url');
}
