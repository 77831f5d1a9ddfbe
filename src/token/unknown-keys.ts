import { hash } from 'node:crypto';
import { tokenCaches } from './caches.ts';

/** Settings of the memory of unknown key IDs. */
export interface UnknownKeysOptions {
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How long the first miss of a key ID stands, in milliseconds; each further one stands twice as long as the one before. */
  readonly firstWait: number;
  /** How long a miss stands at most, in milliseconds. */
  readonly longestWait: number;
  /** Key IDs remembered, at most: the oldest goes first. Default 1,000. */
  readonly entries?: number;
}

/** Key IDs that their issuer was asked for and did not have. */
export interface UnknownKeys {
  /** Whether its issuer may be asked for it (again). */
  mayAsk(kid: string): boolean;
  /** Says that its issuer has just answered without it. */
  missed(kid: string): void;
  readonly size: number;
}

/**
 * Makes a memory of unknown key IDs, so that tokens of a key that is gone for good do not have the issuer asked for ever.
 * It forgets: an issuer may publish a key a little later than it signs with it.
 */
export function createUnknownKeys(options: UnknownKeysOptions): UnknownKeys {
  const { clock, firstWait, longestWait, entries = tokenCaches.unknownKeyIds.entries } = options;
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
      // Many may have waited for the one answer: it is one miss.
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

/** Of one size, however long a key ID the sender makes up. */
function nameOf(kid: string): string {
  return hash('sha256', kid, 'base64url');
}
