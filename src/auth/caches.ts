import type { CacheBound } from '../protocol/cache-bound.ts';

export type { CacheBound };

/**
 * The bounds of the caches of a guarded schema. A cache is listed if it stays after a request and callers can make it
 * grow.
 *
 * A WeakMap is not listed, because each of its entries is removed together with its key.
 */
export const authCaches: Readonly<
  Record<'compiledSelections' | 'decisions' | 'plans' | 'preparedQueries' | 'requiredScopes', CacheBound>
> = {
  compiledSelections: {
    entries: 2_000,
    bytes: 16 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'functions of selections that were executed for 10,000 objects; if it is full, it is emptied, and selections that are still executed often are compiled again',
  },
  decisions: {
    entries: 100_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'account',
    holds: 'decisions of rules for verified tokens; if it is full, it is emptied, and rules are decided again',
  },
  plans: {
    entries: 10_000,
    bytes: 16 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'plans of operations whose documents are still referenced; a plan that was used once goes first, and is made again when it is needed',
  },
  preparedQueries: {
    entries: 10_000,
    bytes: 16 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'prepared queries whose documents are still referenced; a query that was used once goes first, and is prepared again when it is needed',
  },
  requiredScopes: {
    entries: 1_000,
    bytes: 1024 * 1024,
    grownBy: 'anyone',
    holds: 'the scope alternatives of rules that meet, by the numbers of the rules',
  },
};
