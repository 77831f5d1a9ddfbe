import type { Principal, VerifiedPrincipal } from '../../principal.ts';
import { claimHolds } from '../rules/claim.ts';
import { isTimed, type Requirement, type Rule } from '../rules/rule.ts';
import { satisfies } from '../rules/scope.ts';
import { createDecisions } from './decisions.ts';

/**
 * The decision of a rule before any resolver runs. `depends`: the decision also needs a value, an argument or a policy.
 */
export type Decision = 'allow' | 'deny' | 'depends';

/**
 * Decides a rule for a principal. This function is pure.
 *
 * @param now - milliseconds since the epoch
 * @param stepUp - `false`: `maxAge` and `acr` (RFC 9470) are not checked. Default `true`
 */
export function decide(rule: Rule, principal: Principal, now: number, stepUp = true): Decision {
  if (principal.kind === 'anonymous') return 'deny';
  const own = decideRequirement(rule.requirement, principal, now, stepUp);
  if (own === 'deny' || rule.anyOf.length === 0) return own;
  const alternatives = new Set(rule.anyOf.map((alternative) => decideRequirement(alternative, principal, now, stepUp)));
  if (alternatives.has('allow')) return own;
  return alternatives.has('depends') ? 'depends' : 'deny';
}

/** Decides one requirement. All of its parts must hold. `decide` describes the parameters. */
export function decideRequirement(
  requirement: Requirement,
  principal: VerifiedPrincipal,
  now: number,
  stepUp = true,
): Decision {
  const { scope, claims, owner, policies } = requirement;
  if (!satisfies(scope, principal.scopes)) return 'deny';
  if (!claims.every((rule) => claimHolds(rule, principal.claims))) return 'deny';
  if (stepUp && !isFresh(requirement, principal, now)) return 'deny';
  if (owner !== null && accountIdOfPrincipal(principal) === null) return 'deny';
  return owner !== null || policies.length > 0 ? 'depends' : 'allow';
}

/** Returns the account ID of a principal. `null`: the principal has no account in this system. */
export function accountIdOfPrincipal(principal: Principal): string | null {
  return principal.kind === 'account' && principal.accountId !== '' ? principal.accountId : null;
}

/** How far the issuer's clock may be ahead of this server's clock. */
export const clockSkewMs = 60_000;

/**
 * Whether the authentication is recent enough and has an accepted context (RFC 9470 §4). Returns `false` if a claim for
 * this check is missing or has another type.
 */
function isFresh({ maxAge, acr }: Requirement, { claims }: VerifiedPrincipal, now: number): boolean {
  const { acr: context, auth_time: authenticatedAt } = claims;
  if (acr !== null && !(typeof context === 'string' && acr.includes(context))) return false;
  if (maxAge === null) return true;
  if (typeof authenticatedAt !== 'number') return false;
  // An `auth_time` in the future is rejected. Otherwise an `auth_time` in milliseconds would never be too old.
  return authenticatedAt * 1000 <= now + clockSkewMs && now <= (authenticatedAt + maxAge) * 1000;
}

/**
 * Decides several rules together, by their numbers. `deny`: at least one rule denies. `depends`: no rule denies, and at
 * least one rule depends. `allow`: all rules allow.
 */
export type Decider = (rules: readonly number[], principal: Principal) => Decision;

const undecided = 0;
const states = { allow: 1, deny: 2, depends: 3 } as const;
const timed = 4;

/**
 * Makes a decider that stores its decisions for each principal object. While a token is in its cache, the verifier
 * returns one object for all requests with this token. A rule with a `maxAge` is decided again for each call, because
 * its decision changes with time.
 *
 * @param clock - returns milliseconds since the epoch
 */
export function createDecider(rules: readonly Rule[], clock: () => number): Decider {
  const kept = createDecisions(rules.length);
  const isStored = rules.map((rule) => !isTimed(rule));

  /** Decides one rule. `null`: an exception prevented the decision. */
  function decisionOf(id: number, principal: Principal): Decision | null {
    const rule = rules[id];
    try {
      return rule ? decide(rule, principal, clock()) : 'deny';
    } catch {
      return null;
    }
  }

  function stateOf(id: number, principal: Principal): number {
    const known = kept.get(principal, id);
    if (known !== undecided && known !== timed) return known;
    const decision = decisionOf(id, principal);
    if (decision === null) return states.deny; // Not stored: the next call may have more stack.
    const state = states[decision];
    if (known === undecided) kept.set(principal, id, isStored[id] ? state : timed);
    return state;
  }

  return (ids, principal) => {
    let depends = false;
    for (const id of ids) {
      const state = stateOf(id, principal);
      if (state === states.depends) depends = true;
      else if (state !== states.allow) return 'deny';
    }
    return depends ? 'depends' : 'allow';
  };
}
