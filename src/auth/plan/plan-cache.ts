import type { OperationDefinitionNode } from 'graphql';
import { authCaches, type CacheBound } from '../caches.ts';
import type { Fragments } from './fragments.ts';
import type { Plan, PlanMaker, Planner } from './plan.ts';

/** A plan, for as long as it is kept. */
interface Kept {
  readonly fragments: Fragments;
  plan: Plan | null | undefined;
}

/** What a kept plan counts for. It does not keep the plan, which ends with its operation. */
interface Account {
  readonly kept: WeakRef<Kept>;
  bytes: number;
}

/**
 * Keeps a plan beside its operation, and only for the fragments it was made with. All plans together have the bounds of
 * `authCaches.plans`: beyond them the oldest is forgotten, and made anew when it is asked for.
 */
export function rememberedPlans(make: PlanMaker, { entries, bytes }: CacheBound = authCaches.plans): Planner {
  const plans = new WeakMap<OperationDefinitionNode, Kept>();
  const accounts = new Set<Account>(); // In the order of their making.
  let total = 0;

  function forgetOldest(): void {
    for (const account of accounts) {
      if (accounts.size <= entries && total <= bytes) return;
      accounts.delete(account);
      total -= account.bytes;
      const kept = account.kept.deref();
      if (kept) kept.plan = undefined;
    }
  }

  return (operation, fragments) => {
    const known = plans.get(operation);
    if (known?.plan !== undefined && sameFragments(known.fragments, fragments)) return known.plan;
    const kept: Kept = { fragments, plan: undefined };
    const account: Account = { kept: new WeakRef(kept), bytes: bytesOfPlan };
    const plan = make(operation, fragments, (grown) => {
      account.bytes += grown;
      // A plan that is being made, or was forgotten, counts for nothing.
      if (!accounts.has(account)) return;
      total += grown;
      forgetOldest();
    });
    kept.plan = plan;
    plans.set(operation, kept);
    accounts.add(account);
    total += account.bytes;
    forgetOldest();
    return plan;
  };
}

/** What is taken for a plan without its content, in bytes of heap: its maps, and what remembers it. */
const bytesOfPlan = 6_000;

function sameFragments(a: Fragments, b: Fragments): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
