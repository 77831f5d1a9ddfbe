import { hash } from 'node:crypto';
import { tokenCaches } from './bounds.ts';
import { createSizer } from './size.ts';
import type { Verified } from '../checks/verified.ts';

/** How much a cache may hold. */
export interface CacheOptions {
  /** Tokens, at most. Default 100,000; 0: nothing is kept. */
  readonly entries?: number;
  /** Bytes that they take, estimated from above. Default 128 MiB: 100,000 tokens of the embedded authorization server. */
  readonly bytes?: number;
}

/** Tokens that were verified, bounded in number and size, under names from which no token can be had. */
export interface TokenCache {
  /** The name of a token here. */
  keyOf(token: string): string;
  /** What was found out about a token; whether that still holds is the caller's to ask. */
  find(key: string): Verified | undefined;
  /** Remembers a token; others have to go where there is no room. */
  keep(key: string, verified: Verified): void;
  drop(key: string): void;
  readonly entries: number;
  readonly bytes: number;
}

interface Kept {
  readonly verified: Verified;
  readonly size: number;
  /** Whether it was asked for since it was last passed over. */
  wanted: boolean;
}

/** The most entries that are passed over to find an unused one. It bounds what a full cache costs one request. */
const patience = 64;

/**
 * Makes a cache. When it is full the one that goes is the oldest that nobody asked for of late: each that was asked for
 * is passed over once (the clock algorithm, which spares a hit the cost of moving anything).
 *
 * @throws RangeError where a bound is no number of zero or more
 */
export function createTokenCache({
  entries = tokenCaches.verifiedTokens.entries,
  bytes = tokenCaches.verifiedTokens.bytes,
}: CacheOptions = {}): TokenCache {
  if (!(entries >= 0 && bytes >= 0)) throw new RangeError('the bounds of the token cache must be 0 or more');
  const kept = new Map<string, Kept>();
  const sizeOf = createSizer();
  let used = 0;

  const drop = (key: string) => {
    used -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  const makeRoom = (size: number) => {
    let passed = 0;
    for (const [key, entry] of kept) {
      if (kept.size < entries && used + size <= bytes) return;
      drop(key);
      if (!entry.wanted || passed === patience) continue;
      passed += 1;
      entry.wanted = false;
      // Set again, it comes last.
      kept.set(key, entry);
      used += entry.size;
    }
  };
  return {
    // Not keyed: what is hashed holds a signature, so that it cannot be guessed from the rest. Hashing is most of the cost of a hit.
    keyOf: (token) => hash('sha256', token, 'binary'),
    find(key) {
      const found = kept.get(key);
      if (found) found.wanted = true;
      return found?.verified;
    },
    keep(key, verified) {
      drop(key);
      const size = sizeOf(verified);
      if (entries < 1 || size > bytes) return;
      makeRoom(size);
      kept.set(key, { verified, size, wanted: false });
      used += size;
    },
    drop,
    get entries() {
      return kept.size;
    },
    get bytes() {
      return used;
    },
  };
}
