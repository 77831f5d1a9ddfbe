import type { Principal, VerifiedPrincipal } from '../../principal.ts';
import { claimHolds } from '../rules/claim.ts';
import { isTimed, type Requirement, type Rule } from '../rules/rule.ts';
import { satisfies } from '../rules/scope.ts';

/** What a rule says to a principal, before anything was run; `depends`: a value, an argument or a policy has yet to say. */
export type Decision = 'allow' | 'deny' | 'depends';

/**
 * The one decision, for plan and guard alike: pure, and the same for the same rule, principal and time.
 *
 * @param now - milliseconds since the epoch
 * @param stepUp - `false`: as if the person had authenticated just now and well enough (RFC 9470). Default: as it is
 */
export function decide(rule: Rule, principal: Principal, now: number, stepUp = true): Decision {
  if (principal.kind === 'anonymous') return 'deny';
  const whole = ask(rule.requirement, principal, now, stepUp);
  if (whole === 'deny' || rule.anyOf.length === 0) return whole;
  const alternatives = new Set(rule.anyOf.map((alternative) => ask(alternative, principal, now, stepUp)));
  if (alternatives.has('allow')) return whole;
  return alternatives.has('depends') ? 'depends' : 'deny';
}

/** What one requirement says: all of its parts must hold. */
export function ask(requirement: Requirement, principal: VerifiedPrincipal, now: number, stepUp = true): Decision {
  const { scope, claims, owner, policies } = requirement;
  if (!satisfies(scope, principal.scopes)) return 'deny';
  if (!claims.every((rule) => claimHolds(rule, principal.claims))) return 'deny';
  if (stepUp && !isFresh(requirement, principal, now)) return 'deny';
  if (owner !== null && accountOf(principal) === null) return 'deny';
  return owner !== null || policies.length > 0 ? 'depends' : 'allow';
}

/** The account that a principal is; `null` where it is none of ours. */
export function accountOf(principal: Principal): string | null {
  return principal.kind === 'account' && principal.accountId !== '' ? principal.accountId : null;
}

/** How far ahead the issuer's clock may be, in milliseconds. */
const clockSpread = 60_000;

/** RFC 9470 §4: a claim that is missing, or of another type, counts as unmet. */
function isFresh({ maxAge, acr }: Requirement, { claims }: VerifiedPrincipal, now: number): boolean {
  const { acr: context, auth_time: authenticatedAt } = claims;
  if (acr !== null && !(typeof context === 'string' && acr.includes(context))) return false;
  if (maxAge === null) return true;
  if (typeof authenticatedAt !== 'number') return false;
  // In milliseconds, or years ahead, it would never run out.
  return authenticatedAt * 1000 <= now + clockSpread && now <= (authenticatedAt + maxAge) * 1000;
}

/** Decides rules that meet, by their numbers: `deny` where one denies, else `depends` where one does. */
export type Decider = (rules: readonly number[], principal: Principal) => Decision;

const undecided = 0;
const states = { allow: 1, deny: 2, depends: 3 } as const;
const timed = 4;

/**
 * Makes a decider that remembers what it decided beside the principal object, as long as that lives: the verifier gives
 * the same object for the same token. A hit is two look-ups, synchronous, and allocates nothing. What time can change is
 * decided anew each time.
 */
export function createDecider(rules: readonly Rule[], clock: () => number): Decider {
  const remembered = new WeakMap<Principal, Int8Array>();
  const lasting = rules.map((rule) => !isTimed(rule));

  /** `null`: the rule could not be decided. */
  function decisionOf(id: number, principal: Principal): Decision | null {
    const rule = rules[id];
    try {
      return rule ? decide(rule, principal, clock()) : 'deny';
    } catch {
      return null;
    }
  }

  function stateOf(id: number, principal: Principal, decisions: Int8Array): number {
    const known = decisions[id] ?? undecided;
    if (known !== undecided && known !== timed) return known;
    const decision = decisionOf(id, principal);
    if (decision === null) return states.deny; // Not remembered: an exhausted stack is of this call only.
    const state = states[decision];
    if (known === undecided) decisions[id] = lasting[id] ? state : timed;
    return state;
  }

  return (ids, principal) => {
    let decisions = remembered.get(principal);
    if (decisions === undefined) {
      decisions = new Int8Array(rules.length);
      remembered.set(principal, decisions);
    }
    let depends = false;
    for (const id of ids) {
      const state = stateOf(id, principal, decisions);
      if (state === states.depends) depends = true;
      else if (state !== states.allow) return 'deny';
    }
    return depends ? 'depends' : 'allow';
  };
}
