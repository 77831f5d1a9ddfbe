import type { OperationDefinitionNode } from 'graphql';
import { createRetention, type Retained } from '../../protocol/retention.ts';
import { authCaches, type CacheBound } from '../caches.ts';
import type { Fragments } from './fragments.ts';

/** A cached plan, and the fragments with which it was made. */
interface Entry<P> {
  readonly fragments: Fragments;
  /** `undefined`: the plan is being made, or it was evicted. */
  plan: P | null | undefined;
  retained: Retained | null;
}

/**
 * Makes the cache of plans. It stores a plan by its operation, and uses it again only with the same fragments. If the
 * plans exceed a bound, plans are evicted, first those that were used for one request. An evicted plan is made again when
 * it is needed.
 */
export function cachePlans<P>(
  make: (operation: OperationDefinitionNode, fragments: Fragments, grown: (bytes: number) => void) => P | null,
  bound: CacheBound = authCaches.plans,
): (operation: OperationDefinitionNode, fragments: Fragments) => P | null {
  const plans = new WeakMap<OperationDefinitionNode, Entry<P>>();
  const retention = createRetention(bound);
  return (operation, fragments) => {
    const known = plans.get(operation);
    if (known?.plan !== undefined && sameFragments(known.fragments, fragments)) {
      if (known.retained !== null) retention.use(known.retained);
      return known.plan;
    }
    const entry: Entry<P> = { fragments, plan: undefined, retained: null };
    let bytes = bytesOfPlan;
    const plan = make(operation, fragments, (more) => {
      // A plan that is being made is counted later. A plan that was evicted is not counted.
      if (entry.retained === null) bytes += more;
      else retention.grow(entry.retained, more);
    });
    entry.plan = plan;
    plans.set(operation, entry);
    entry.retained = retention.add(bytes, evictionOf(entry));
    return plan;
  };
}

/**
 * Makes the function that evicts a plan. Its reference is weak, because a plan must be garbage-collected together with
 * its operation.
 */
function evictionOf(entry: Entry<unknown>): () => void {
  const weak = new WeakRef(entry);
  return () => {
    const evicted = weak.deref();
    if (evicted) evicted.plan = undefined;
  };
}

/** The estimated size of an empty plan and its entry in the cache, in bytes of heap. */
const bytesOfPlan = 6_000;

function sameFragments(a: Fragments, b: Fragments): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
