import type { Principal } from '../principal.ts';
import type { Rule } from './rule.ts';
import { satisfies } from './scope.ts';

/** What a rule says to a principal, before anything was run. */
export type Decision = 'allow' | 'deny';

/** The one decision, for plan and guard alike: pure, and the same for the same rule and principal. */
export function decide(rule: Rule, principal: Principal): Decision {
  if (principal.kind === 'anonymous') return 'deny';
  return satisfies(rule.scope, principal.scopes) ? 'allow' : 'deny';
}

/** Decides rules that meet, by their numbers: `deny` where one denies. */
export type Decider = (rules: readonly number[], principal: Principal) => Decision;

const undecided = 0;
const allowed = 1;
const denied = 2;

/**
 * Makes a decider that remembers what it decided beside the principal object, as long as that lives: the verifier gives
 * the same object for the same token. A hit is two look-ups, synchronous, and allocates nothing.
 */
export function createDecider(rules: readonly Rule[]): Decider {
  const remembered = new WeakMap<Principal, Int8Array>();

  function decisionOf(id: number, principal: Principal): typeof allowed | typeof denied {
    const rule = rules[id];
    try {
      return rule && decide(rule, principal) === 'allow' ? allowed : denied;
    } catch {
      return denied; // Whatever broke, nobody gets in by it.
    }
  }

  return (ids, principal) => {
    let decisions = remembered.get(principal);
    if (decisions === undefined) {
      decisions = new Int8Array(rules.length);
      remembered.set(principal, decisions);
    }
    for (const id of ids) {
      let decision = decisions[id] ?? undecided;
      if (decision === undecided) {
        decision = decisionOf(id, principal);
        decisions[id] = decision;
      }
      if (decision !== allowed) return 'deny';
    }
    return 'allow';
  };
}
