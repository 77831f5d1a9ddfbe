import type { OperationDefinitionNode } from 'graphql';
import { createRetention, type Retained, type Retention } from '../../protocol/retention.ts';
import { authCaches, type CacheBound } from '../caches.ts';
import type { Fragments } from './fragments.ts';

/** What a plan takes of the memory of its cache. */
export interface PlanSize {
  /** Adds an estimate of the bytes of heap that a part of the plan takes. */
  grow(bytes: number): void;
}

/** The size of a plan that no cache stores. */
export const uncounted: PlanSize = { grow() {} };

/** A plan in a cache, and the fragments with which it was made. */
class CachedPlan<P> implements PlanSize {
  readonly fragments: Fragments;
  /** `undefined`: the plan is being made, or it was evicted. */
  plan: P | null | undefined = undefined;
  readonly #retention: Retention<WeakRef<CachedPlan<P>>>;
  /** A plan that is being made is only counted. */
  #retained: Retained | number = bytesOfPlan;

  constructor(fragments: Fragments, retention: Retention<WeakRef<CachedPlan<P>>>) {
    this.fragments = fragments;
    this.#retention = retention;
  }

  grow(bytes: number): void {
    if (typeof this.#retained === 'number') this.#retained += bytes;
    else this.#retention.grow(this.#retained, bytes);
  }

  use(): void {
    if (typeof this.#retained !== 'number') this.#retention.use(this.#retained);
  }

  /**
   * Adds the plan to the bounded plans. Their reference to it is weak, because a plan must be garbage-collected together
   * with its operation.
   */
  retain(): void {
    if (typeof this.#retained === 'number') this.#retained = this.#retention.add(this.#retained, new WeakRef(this));
  }
}

/** Plans by operation, bounded in number and size. */
export interface PlanCache<P> {
  /** Returns the plan of an operation. It is made if it is not stored. */
  readonly planOf: (operation: OperationDefinitionNode, fragments: Fragments) => P | null;
  /** The estimated size of all stored plans, in bytes of heap. */
  readonly bytes: number;
}

/**
 * Makes the cache of plans. It stores a plan by its operation, and uses it again only with the same fragments. If the
 * plans exceed a bound, plans are evicted, first those that were used for one request. An evicted plan is made again when
 * it is needed.
 */
export function cachePlans<P>(
  make: (operation: OperationDefinitionNode, fragments: Fragments, size: PlanSize) => P | null,
  bound: CacheBound = authCaches.plans,
): PlanCache<P> {
  const plans = new WeakMap<OperationDefinitionNode, CachedPlan<P>>();
  const retention = createRetention<WeakRef<CachedPlan<P>>>(bound, (weak) => {
    const evicted = weak.deref();
    if (evicted) evicted.plan = undefined;
  });
  return {
    planOf(operation, fragments) {
      const known = plans.get(operation);
      if (known?.plan !== undefined && sameFragments(known.fragments, fragments)) {
        known.use();
        return known.plan;
      }
      const cached = new CachedPlan<P>(fragments, retention);
      const plan = make(operation, fragments, cached);
      cached.plan = plan;
      plans.set(operation, cached);
      cached.retain();
      return plan;
    },
    get bytes() {
      return retention.bytes;
    },
  };
}

/**
 * The estimated size of an empty plan and its entry in the cache, in bytes of heap. `test/auth/plan/estimate.test.ts`
 * measures it.
 */
const bytesOfPlan = 700;

function sameFragments(a: Fragments, b: Fragments): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
