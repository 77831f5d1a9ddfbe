import type { CacheBound } from '../../protocol/cache-bound.ts';

/** The caches of this folder, with their bounds. They grow with the number of requests. */
export const laneCaches: Readonly<Record<'acceptHeaders' | 'bodies', CacheBound>> = {
  acceptHeaders: {
    entries: 200,
    bytes: 200_000,
    grownBy: 'anyone',
    holds: 'texts of `Accept`, each of at most 500 characters; the oldest goes first',
  },
  bodies: {
    entries: 10_000,
    bytes: 8 * 1024 * 1024,
    grownBy: 'anyone',
    holds: 'bodies of known queries without variables, each of at most 2,097 characters; the oldest goes first',
  },
};
