import type { CacheBound } from '../protocol/cache-bound.ts';

const mebibyte = 1024 * 1024;

/**
 * What this room keeps in memory for longer than a request, as far as callers can make it grow. Each takes its bounds from here. A key
 * set, its metadata and its kept copy are the configured issuer's: one for each, of documents of at most 512 KiB. Nonces are
 * computed and not kept.
 */
export const tokenCaches: Readonly<
  Record<'verifiedTokens' | 'memoryReplays' | 'unknownKeyIds' | 'revocations', CacheBound>
> = {
  verifiedTokens: {
    entries: 100_000,
    bytes: 128 * mebibyte,
    grownBy: 'account',
    holds: 'claims of verified tokens, under the digest of the token; the oldest that was not used of late goes first',
  },
  memoryReplays: {
    entries: 100_000,
    bytes: 24 * mebibyte,
    grownBy: 'account',
    holds: 'digests of used DPoP proofs until they expire; a full memory refuses further proofs',
  },
  unknownKeyIds: {
    entries: 1_000,
    bytes: mebibyte / 2,
    grownBy: 'anyone',
    holds: 'digests of key IDs that an issuer does not have, for each issuer elsewhere; the oldest goes first',
  },
  revocations: {
    entries: 500_000,
    bytes: 160 * mebibyte,
    grownBy: 'account',
    holds: 'what is revoked until its tokens expire; where the oldest is forgotten, tokens from before it are refused',
  },
};
