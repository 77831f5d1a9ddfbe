import type { Resolver } from '../../guard/guard.ts';

/** A resolver that is called without `info`. */
export type ResolverWithoutInfo = (source: unknown, args: Record<string, unknown>, context: unknown) => unknown;

const marked = new WeakSet<object>();

/**
 * Marks the resolvers of a resolver map: none of them uses `info`. The server then calls them without `info` where it
 * can. The fourth argument is absent in these calls. In all other calls it is the `info` of graphql-js, so a marked
 * resolver must not depend on its absence. A resolver that is wrapped after the call is not marked.
 *
 * @param resolvers - functions, or objects with a member `resolve`, by type and field. Other values are ignored
 * @returns the same object
 */
export function withoutInfo<Resolvers extends object>(resolvers: Resolvers): Resolvers {
  for (const fields of Object.values(resolvers)) {
    if (typeof fields !== 'object' || fields === null) continue;
    for (const field of Object.values(fields as object)) {
      const resolve: unknown = typeof field === 'object' && field !== null ? (field as { resolve?: unknown }).resolve : field;
      if (typeof resolve === 'function') marked.add(resolve);
    }
  }
  return resolvers;
}

/** Whether a resolver is called without `info`. */
export function hasNoInfo(resolve: Resolver): boolean {
  return marked.has(resolve);
}
