import { hash } from 'node:crypto';
import type { CacheBound } from '../protocol/cache-bound.ts';

/** What this room keeps in memory for longer than a request, as far as callers can make it grow. */
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
  /** How long the first miss of a key ID stands, in milliseconds. Each further miss stands twice as long as the one before. */
  readonly firstWait: number;
  /** The longest time that a miss stands, in milliseconds. */
  readonly longestWait: number;
  /** The most key IDs that are remembered: the oldest goes first. Default 1,000. */
  readonly entries?: number;
}

/** Key IDs that their issuer was asked for and did not have. */
export interface UnknownKeyIds {
  /** Whether the issuer may be asked for the key ID (again). */
  mayAsk(kid: string): boolean;
  /** Notes that the issuer has just answered without the key ID. */
  missed(kid: string): void;
  readonly size: number;
}

/**
 * Makes a memory of unknown key IDs. Without it, tokens of a withdrawn key would have the issuer asked again and again.
 *
 * A miss does not stand for ever, because an issuer may publish a key a little later than it signs with it.
 */
export function createUnknownKeyIds(options: UnknownKeyIdsOptions): UnknownKeyIds {
  const { clock, firstWait, longestWait, entries = issuerCaches.unknownKeyIds.entries } = options;
  const misses = new Map<string, { readonly at: number; readonly wait: number }>();

  const stands = (miss: { readonly at: number; readonly wait: number } | undefined) => {
    if (!miss) return false;
    const elapsed = clock() - miss.at;
    return elapsed >= 0 && elapsed < miss.wait;
  };
  return {
    mayAsk: (kid) => !stands(misses.get(nameOf(kid))),
    missed(kid) {
      const name = nameOf(kid);
      const last = misses.get(name);
      // Many callers may have waited for the one answer. It counts as one miss.
      if (stands(last)) return;
      misses.delete(name);
      const oldest = misses.keys().next();
      if (misses.size >= entries && !oldest.done) misses.delete(oldest.value);
      misses.set(name, { at: clock(), wait: last ? Math.min(last.wait * 2, longestWait) : firstWait });
    },
    get size() {
      return misses.size;
    },
  };
}

/** A digest, so that each entry has one size: the sender chooses the length of a key ID. */
function nameOf(kid: string): string {
  return hash('sha256', kid, 'base64url');
}
