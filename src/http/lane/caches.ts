import type { CacheBound } from '../../protocol/cache-bound.ts';

/** The cache of this folder, with its bound. It grows with the number of requests. */
export const laneCaches: Readonly<Record<'acceptHeaders', CacheBound>> = {
  acceptHeaders: {
    entries: 200,
    bytes: 200_000,
    grownBy: 'anyone',
    holds: 'texts of `Accept`, each of at most 500 characters; the oldest goes first',
  },
};
