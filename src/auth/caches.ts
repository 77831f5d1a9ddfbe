import type { CacheBound } from '../protocol/cache-bound.ts';

export type { CacheBound };

/**
 * The bounds of every cache of the guarded schema that grows with what callers send and lives longer than a request.
 *
 * An entry of a WeakMap, such as a decision beside its principal, ends with its key and is not listed.
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
