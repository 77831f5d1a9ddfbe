import type { CacheBound } from '../protocol/cache-bound.ts';

export type { CacheBound };

/**
 * The bounds of the caches of a guarded schema. The table lists every cache that callers can make grow and that lives
 * longer than a request.
 *
 * A WeakMap, such as the map from principals to decisions, is not listed, because each entry is removed together with
 * its key.
 */
export const authCaches: Readonly<Record<'plans' | 'requiredScopes', CacheBound>> = {
  plans: {
    entries: 1_000,
    bytes: 16 * 1024 * 1024,
    grownBy: 'anyone',
    holds: 'plans of operations whose documents are still referenced; the oldest are planned anew when they come again',
  },
  requiredScopes: {
    entries: 1_000,
    bytes: 1024 * 1024,
    grownBy: 'anyone',
    holds: 'the scope alternatives of rules that meet, by the numbers of the rules',
  },
};
