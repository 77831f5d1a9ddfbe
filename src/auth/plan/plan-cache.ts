import type { OperationDefinitionNode } from 'graphql';
import { authCaches, type CacheBound } from '../caches.ts';
import type { Fragments } from './fragments.ts';

/** A cached plan, and the fragments with which it was made. */
interface Entry<P> {
  readonly fragments: Fragments;
  /** `undefined`: the plan is being made, or it was evicted. */
  plan: P | null | undefined;
}

/**
 * The size of a cached plan. The reference to the entry is weak, because the plan must be garbage-collected together
 * with its operation.
 */
interface EntrySize {
  readonly entry: WeakRef<Entry<unknown>>;
  bytes: number;
}

/**
 * Makes the cache of plans. It stores a plan by its operation, and uses it again only with the same fragments. If the
 * plans exceed a bound, the oldest plan is evicted. An evicted plan is made again when it is needed.
 */
export function cachePlans<P>(
  make: (operation: OperationDefinitionNode, fragments: Fragments, grown: (bytes: number) => void) => P | null,
  { entries, bytes }: CacheBound = authCaches.plans,
): (operation: OperationDefinitionNode, fragments: Fragments) => P | null {
  const plans = new WeakMap<OperationDefinitionNode, Entry<P>>();
  const sizes = new Set<EntrySize>(); // Oldest first.
  let totalBytes = 0;

  function evictOldest(): void {
    for (const size of sizes) {
      if (sizes.size <= entries && totalBytes <= bytes) return;
      sizes.delete(size);
      totalBytes -= size.bytes;
      const entry = size.entry.deref();
      if (entry) entry.plan = undefined;
    }
  }

  return (operation, fragments) => {
    const known = plans.get(operation);
    if (known?.plan !== undefined && sameFragments(known.fragments, fragments)) return known.plan;
    const entry: Entry<P> = { fragments, plan: undefined };
    const size: EntrySize = { entry: new WeakRef(entry), bytes: bytesOfPlan };
    const plan = make(operation, fragments, (grownBytes) => {
      size.bytes += grownBytes;
      // A plan that is being made is counted later. A plan that was evicted is not counted.
      if (!sizes.has(size)) return;
      totalBytes += grownBytes;
      evictOldest();
    });
    entry.plan = plan;
    plans.set(operation, entry);
    sizes.add(size);
    totalBytes += size.bytes;
    evictOldest();
    return plan;
  };
}

/** The estimated size of an empty plan and its entry in the cache, in bytes of heap. */
const bytesOfPlan = 6_000;

function sameFragments(a: Fragments, b: Fragments): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
