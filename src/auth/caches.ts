import type { CacheBound } from '../protocol/cache-bound.ts';

export type { CacheBound };

/**
 * Every cache of the guarded schema that grows with what callers send and lives longer than a request. The caches take their
 * bounds from here. What is kept beside a value in a WeakMap, as a finding beside its input or a decision beside its principal,
 * ends with the value and is not a cache.
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
