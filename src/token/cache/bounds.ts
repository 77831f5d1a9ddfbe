import type { CacheBound } from '../../protocol/cache-bound.ts';

const mebibyte = 1024 * 1024;

/**
 * The caches of this room, with their default bounds. These caches grow with the number of requests. Nonces are not
 * listed, because they are computed and not stored.
 */
export const tokenCaches: Readonly<Record<'verifiedTokens' | 'memoryReplays' | 'revocations', CacheBound>> = {
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
  revocations: {
    entries: 500_000,
    bytes: 160 * mebibyte,
    grownBy: 'account',
    holds: 'what is revoked until its tokens expire; where the oldest is forgotten, tokens from before it are refused',
  },
};
