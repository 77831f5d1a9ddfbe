import type { Principal } from '../../principal.ts';
import { authCaches } from '../caches.ts';
import { ask, type Decider, decide } from './decide.ts';
import type { Denial, DenialCode, DenialReason, DeniedRule } from './denial.ts';
import type { Requirement, Rule } from '../rules/rule.ts';
import {
  mostAlternatives,
  nearest,
  printAlternatives,
  satisfies,
  type ScopeAlternatives,
  together,
} from '../rules/scope.ts';

type StepUp = Pick<Denial, 'maxAge' | 'acrValues'>;

/** Says what a caller lacks, of the rules that denied. */
export interface Evidence {
  /**
   * What reading the element takes, or why it is denied to a caller who lacks no scope.
   *
   * @param found the rules that denied, where more than the caller decided. Default: those that deny the caller
   */
  denial(coordinate: string, ids: readonly number[], principal: Principal, found?: readonly DeniedRule[]): Denial;
  /** Nobody is asked to come back with a token; somebody, to authenticate again where that is enough, else with a better one. */
  code(ids: readonly number[], principal: Principal): DenialCode;
  /** How the person must authenticate, where that is all that is missing; else nothing. */
  stepUp(ids: readonly number[], principal: Principal): StepUp;
  /** For each denied rule the alternative that lacks fewest, together: the `scope` of a challenge (RFC 6750 §3). */
  challengeScope(ids: readonly number[], principal: Principal): string;
  /** The alternatives of any of these sets of rules. */
  anyScopes(sets: readonly (readonly number[])[]): readonly string[];
  /** The rules that deny the caller, whatever the values are. */
  denying(ids: readonly number[], principal: Principal): readonly DeniedRule[];
}

/** @param clock - milliseconds since the epoch */
export function createEvidence(rules: readonly Rule[], decider: Decider, clock: () => number): Evidence {
  const ruleOf = (id: number): Rule[] => (rules[id] ? [rules[id]] : []);
  const denyingIds = (ids: readonly number[], principal: Principal): readonly number[] =>
    ids.filter((id) => decider([id], principal) === 'deny');
  const denying: Evidence['denying'] = (ids, principal) =>
    denyingIds(ids, principal).map((id) => ({ id, reason: reasonOf(id, principal) }));

  /** Why a rule denies the caller for each possible value: what would be enough to change that. */
  function reasonOf(id: number, principal: Principal): DenialReason | null {
    const [rule] = ruleOf(id);
    if (!rule || principal.kind === 'anonymous') return null;
    const holdsWithout = (part: Partial<Requirement>): boolean => {
      const without = (requirement: Requirement): Requirement => ({ ...requirement, ...part });
      const eased = { ...rule, requirement: without(rule.requirement), anyOf: rule.anyOf.map(without) };
      return decide(eased, principal, clock()) !== 'deny';
    };
    if (holdsWithout({ owner: null })) return 'owner';
    return holdsWithout({ owner: null, claims: [] }) ? 'claims' : null;
  }

  function code(ids: readonly number[], principal: Principal): DenialCode {
    if (principal.kind === 'anonymous') return 'UNAUTHENTICATED';
    const denied = denyingIds(ids, principal).flatMap(ruleOf);
    const stepUp = denied.length > 0 && denied.every((rule) => decide(rule, principal, clock(), false) !== 'deny');
    return stepUp ? 'STEP_UP_REQUIRED' : 'FORBIDDEN';
  }

  const known = new Map<string, readonly string[]>();
  let knownBytes = 0;
  function scopesTogether(ids: readonly number[]): readonly string[] {
    const key = ids.join();
    const before = known.get(key);
    if (before) return before;
    const scopes = printAlternatives(together(ids.flatMap(ruleOf).map(scopesOf)));
    const { entries, bytes } = authCaches.requiredScopes;
    const size = 2 * (key.length + scopes.join().length) + 200; // Strings of two bytes a character, and the entry.
    // Inputs can be supplied in many combinations.
    if (known.size >= entries || knownBytes + size > bytes) {
      known.clear();
      knownBytes = 0;
    }
    if (size > bytes) return scopes;
    known.set(key, scopes);
    knownBytes += size;
    return scopes;
  }

  function stepUp(ids: readonly number[], principal: Principal): StepUp {
    if (principal.kind === 'anonymous' || code(ids, principal) !== 'STEP_UP_REQUIRED') return {};
    const rules = denyingIds(ids, principal).flatMap(ruleOf);
    // Of alternatives, those that would hold if the person authenticated again.
    const open = (alternative: Requirement): boolean => ask(alternative, principal, clock(), false) !== 'deny';
    return stepUpOf(rules.flatMap(({ requirement, anyOf }) => [requirement, ...anyOf.filter(open)]));
  }

  return {
    code,
    anyScopes: (sets) => [...new Set(sets.flatMap(scopesTogether))].slice(0, mostAlternatives),
    denying,
    stepUp,
    denial(coordinate, ids, principal, found) {
      const denied = found ?? denying(ids, principal);
      const reasons = denied.flatMap(({ reason }) => reason ?? []);
      const [reason] = reasons;
      if (principal.kind === 'anonymous' || !reason || reasons.length < denied.length) {
        return { coordinate, requiredScopes: scopesTogether(ids), ...stepUp(ids, principal) };
      }
      const lacking = denied
        .flatMap(({ id }) => ruleOf(id))
        .filter((rule) => !satisfies(scopesOf(rule), principal.scopes));
      return {
        coordinate,
        reason,
        ...(lacking.length > 0 && { requiredScopes: scopesTogether(lacking.map(({ id }) => id)) }),
      };
    },
    challengeScope(ids, principal) {
      const granted = principal.kind === 'anonymous' ? new Set<string>() : principal.scopes;
      const denied = [...new Set(denyingIds(ids, principal))]
        .sort((a, b) => a - b)
        // A scope that the token has would not help.
        .filter((id) => reasonOf(id, principal) === null)
        .flatMap(ruleOf);
      return [...new Set(denied.flatMap((rule) => nearest(scopesOf(rule), granted)))].join(' ');
    },
  };
}

/** The scopes that are enough for a rule, as far as scopes are: of its alternatives, those that ask for any. */
export function scopesOf({ requirement, anyOf }: Rule): ScopeAlternatives {
  const asking = anyOf.filter(({ scope }) => scope.some((scopes) => scopes.length > 0)).flatMap(({ scope }) => scope);
  return asking.length > 0 ? together([requirement.scope, asking]) : requirement.scope;
}

/** The youngest age and the first contexts that the rules ask for. */
function stepUpOf(requirements: readonly Requirement[]): StepUp {
  const ages = requirements.flatMap(({ maxAge }) => maxAge ?? []);
  const [first, ...others] = requirements.flatMap(({ acr }) => (acr ? [acr] : []));
  const common = first?.filter((acr) => others.every((accepted) => accepted.includes(acr)));
  const acrValues = common && common.length > 0 ? common : first;
  return { ...(ages.length > 0 && { maxAge: Math.min(...ages) }), ...(acrValues && { acrValues }) };
}
