import { checkOptions, optionsOf } from '../../protocol/options/check-options.ts';
import { bound } from '../../protocol/options/kinds.ts';
import { type SettingsWithDefaults, withDefaults } from '../../protocol/options/object.ts';
import { hash } from 'node:crypto';
import { tokenCaches } from './bounds.ts';
import { rememberRecent } from '../credential/recent.ts';
import { createSizer } from './size.ts';
import type { Verified } from '../checks/verified.ts';

/** The bounds of a cache. */
export interface CacheOptions {
  /** The largest number of tokens. Default 100,000. With 0, no token is cached. */
  readonly maxEntries?: number;
  /**
   * The largest size of all entries together, in bytes. The size of an entry is an upper estimate. Default 128 MiB,
   * enough for 100,000 tokens of the embedded authorization server.
   */
  readonly maxBytes?: number;
}

const bounds: SettingsWithDefaults<CacheOptions> = {
  maxEntries: { default: tokenCaches.verifiedTokens.entries, check: bound('tokens') },
  maxBytes: { default: tokenCaches.verifiedTokens.bytes, check: bound('bytes') },
};

const checkCacheOptions = optionsOf<CacheOptions>(bounds, { entries: 'maxEntries', bytes: 'maxBytes' });

/**
 * A cache of verified tokens, bounded in number and size. The key of an entry is a hash of its token, so the key does
 * not reveal the token. The cache also has the texts of at most 256 recent tokens, each of at most 2,048 characters.
 * Therefore it does not hash a token again for each request of a client.
 */
export interface TokenCache {
  /** Returns the key of a token. */
  keyOf(token: string): string;
  /**
   * Returns the stored result of a verification; undefined if there is none. The caller must check that the token has
   * not expired. It must also check that the issuer still has the key that signed the token.
   */
  find(key: string): Verified | undefined;
  /**
   * Stores a verified token. A full cache first removes other tokens. A token that is larger than `maxBytes` is not
   * stored.
   */
  keep(key: string, verified: Verified): void;
  drop(key: string): void;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * A stored token. It has the members of the verified token itself, in the order in which a request reads them. With many
 * tokens, the processor reads each further object from slow memory.
 */
class Entry implements Verified {
  readonly principal: Verified['principal'];
  readonly issuer: Verified['issuer'];
  readonly signer: string;
  /** Whether `find` returned the entry after it was stored or last passed over. */
  wanted = false;
  readonly thumbprint: string | null;
  readonly issuedAt: number;
  readonly tokenId: string;
  readonly grantId: string | null;
  readonly sessionId: string | null;
  readonly size: number;

  constructor(verified: Verified, size: number) {
    this.principal = verified.principal;
    this.issuer = verified.issuer;
    this.signer = verified.signer;
    this.thumbprint = verified.thumbprint;
    this.issuedAt = verified.issuedAt;
    this.tokenId = verified.tokenId;
    this.grantId = verified.grantId;
    this.sessionId = verified.sessionId;
    this.size = size;
  }
}

/** How many entries `keep` passes over to find an unused entry. This number bounds the work of one request. */
const maxPassedOver = 64;

/**
 * Makes a cache. A full cache removes its oldest entry. If `find` returned that entry, the cache moves the entry to the
 * end instead and tries the next entry, up to 64 times. This is the clock algorithm.
 *
 * @throws StartError with all faults of the options
 */
export function createTokenCache(options: CacheOptions = {}): TokenCache {
  checkOptions('createTokenCache', options, checkCacheOptions);
  const { maxEntries, maxBytes } = withDefaults<CacheOptions>(bounds, options);
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
      if (stored.size < maxEntries && used + size <= maxBytes) return;
      drop(key);
      if (!entry.wanted || passed === maxPassedOver) continue;
      passed += 1;
      entry.wanted = false;
      // The entry was deleted before, so the map puts it at its end.
      stored.set(key, entry);
      used += entry.size;
    }
  };
  return {
    // A plain hash is enough, because the signature makes a token impossible to guess.
    keyOf: rememberRecent((token) => hash('sha256', token, 'binary')),
    find(key) {
      const found = stored.get(key);
      if (found !== undefined) found.wanted = true;
      return found;
    },
    keep(key, verified) {
      drop(key);
      const size = sizeOf(verified);
      if (maxEntries < 1 || size > maxBytes) return;
      makeRoom(size);
      stored.set(key, new Entry(verified, size));
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
