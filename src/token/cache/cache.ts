import { hash } from 'node:crypto';
import { tokenCaches } from './bounds.ts';
import { createSizer } from './size.ts';
import type { Verified } from '../checks/verified.ts';

/** The bounds of a cache. */
export interface CacheOptions {
  /** The largest number of tokens. Default 100,000. With 0, no token is cached. */
  readonly entries?: number;
  /**
   * The largest size of all entries in bytes. The size of an entry is an upper estimate. Default 128 MiB: 100,000
   * tokens of the embedded authorization server.
   */
  readonly bytes?: number;
}

/**
 * A cache of verified tokens, bounded in number and size. The key of an entry is a hash of its token, which does not
 * reveal the token.
 */
export interface TokenCache {
  /** Returns the key of a token. */
  keyOf(token: string): string;
  /**
   * Returns the stored result of a verification. The caller must check that the token has not expired and that its
   * issuer still has its key.
   */
  find(key: string): Verified | undefined;
  /** Stores a verified token. A full cache removes other tokens. */
  keep(key: string, verified: Verified): void;
  drop(key: string): void;
  readonly entries: number;
  readonly bytes: number;
}

interface Entry {
  readonly verified: Verified;
  readonly size: number;
  /** Whether the entry was found since it was stored or last passed over. */
  wanted: boolean;
}

/** How many entries are passed over to find an unused one. This bounds the cost of a full cache for one request. */
const maxPassedOver = 64;

/**
 * Makes a cache. When it is full, it removes the oldest entry that was not requested recently. It passes over each requested entry
 * once (the clock algorithm, in which a hit moves no entry).
 *
 * @throws RangeError if a bound is not a number of zero or more
 */
export function createTokenCache({
  entries = tokenCaches.verifiedTokens.entries,
  bytes = tokenCaches.verifiedTokens.bytes,
}: CacheOptions = {}): TokenCache {
  if (!(entries >= 0 && bytes >= 0)) throw new RangeError('the bounds of the token cache must be 0 or more');
  const stored = new Map<string, Entry>();
  const sizeOf = createSizer();
  let used = 0;

  const drop = (key: string) => {
    used -= stored.get(key)?.size ?? 0;
    stored.delete(key);
  };
  const makeRoom = (size: number) => {
    let passed = 0;
    for (const [key, entry] of stored) {
      if (stored.size < entries && used + size <= bytes) return;
      drop(key);
      if (!entry.wanted || passed === maxPassedOver) continue;
      passed += 1;
      entry.wanted = false;
      // The map moves an entry that is set again to its end.
      stored.set(key, entry);
      used += entry.size;
    }
  };
  return {
    // A plain hash is enough: a token holds a signature, so it cannot be guessed. Hashing is most of the cost of a hit.
    keyOf: (token) => hash('sha256', token, 'binary'),
    find(key) {
      const found = stored.get(key);
      if (found) found.wanted = true;
      return found?.verified;
    },
    keep(key, verified) {
      drop(key);
      const size = sizeOf(verified);
      if (entries < 1 || size > bytes) return;
      makeRoom(size);
      stored.set(key, { verified, size, wanted: false });
      used += size;
    },
    drop,
    get entries() {
      return stored.size;
    },
    get bytes() {
      return used;
    },
  };
}
