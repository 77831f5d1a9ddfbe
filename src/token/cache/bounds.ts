import type { CacheBound } from '../../protocol/cache-bound.ts';

const mebibyte = 1024 * 1024;

/**
 * The caches of this room, with their default bounds. These caches grow with the number of requests. Nonces are not
 * listed, because they are computed and not stored.
 */
export const tokenCaches: Readonly<
  Record<'verifiedTokens' | 'recentHeaders' | 'memoryReplays' | 'revocations', CacheBound>
> = {
  verifiedTokens: {
    entries: 100_000,
    bytes: 128 * mebibyte,
    grownBy: 'account',
    holds: 'claims of verified tokens, by the digest of the token; tokens that were not used lately are removed first',
  },
  recentHeaders: {
    entries: 256,
    bytes: 4 * mebibyte,
    grownBy: 'anyone',
    holds:
      'recent `Authorization` headers and tokens of at most 2,048 characters, in clear, and the digests of the tokens: a repeated token is compared and not hashed again; a token that comes twice in succession replaces an older one',
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
    holds:
      'revocations until their tokens expire; if the oldest are removed, tokens of their issuer that were issued before them, or up to 5 minutes after, are refused',
  },
};
