import type { Principal } from '../../principal.ts';
import { authCaches, type CacheBound } from '../caches.ts';
import { type Decider, decide, decideRequirement } from './decide.ts';
import type { Denial, DenialCode, DenialReason, DeniedRule } from './denial.ts';
import type { Requirement, Rule } from '../rules/rule.ts';
import { maxAlternatives } from '../rules/alternatives.ts';
import { leastScopesOf, scopesOfRule } from '../rules/least-scopes.ts';
import { nearestAlternative, printAlternatives, satisfies } from '../rules/scope.ts';

type StepUp = Pick<Denial, 'maxAge' | 'acrValues'>;

/** Functions that find what a caller lacks. `ids` are numbers of rules. */
export interface DenialEvidence {
  /**
   * Describes a denied element. The description has the scopes that the element requires. If every rule that denied has
   * a reason, it has the first reason, and only the scopes of rules whose scopes the caller lacks.
   *
   * @param found - the rules that denied, if a value, an argument or a policy decided. Default: the rules of `ids` that
   * deny the principal for every value
   */
  denial(coordinate: string, ids: readonly number[], principal: Principal, found?: readonly DeniedRule[]): Denial;
  /**
   * Finds the code of a denial. UNAUTHENTICATED: the caller is anonymous. STEP_UP_REQUIRED: without `maxAge` and `acr`,
   * no rule would deny for every value. FORBIDDEN: any other case.
   */
  code(ids: readonly number[], principal: Principal): DenialCode;
  /**
   * Finds how the person must authenticate again. Empty if the code of the denial is not STEP_UP_REQUIRED.
   */
  stepUp(ids: readonly number[], principal: Principal): StepUp;
  /**
   * Finds the `scope` of a challenge (RFC 6750 §3). From each rule that denied, it takes the alternative with the
   * fewest missing scopes. Rules that denied because of the owner or the claims are left out.
   */
  challengeScope(ids: readonly number[], principal: Principal): string;
  /**
   * Finds at most `maxAlternatives` alternative sets of scopes. Each of them has the scopes for at least one of these
   * sets of rules.
   */
  anyScopes(sets: readonly (readonly number[])[]): readonly string[];
  /** Finds the rules that deny the principal for every possible value. */
  denying(ids: readonly number[], principal: Principal): readonly DeniedRule[];
}

/**
 * Makes the functions that describe denials of a schema.
 *
 * @param clock - returns milliseconds since the epoch
 * @param bound - the bound of the stored scope alternatives. Default: `authCaches.requiredScopes`
 */
export function createEvidence(
  rules: readonly Rule[],
  decider: Decider,
  clock: () => number,
  { entries, bytes }: Pick<CacheBound, 'entries' | 'bytes'> = authCaches.requiredScopes,
): DenialEvidence {
  const ruleOf = (id: number): Rule[] => (rules[id] ? [rules[id]] : []);
  const denyingIds = (ids: readonly number[], principal: Principal): readonly number[] =>
    ids.filter((id) => decider([id], principal) === 'deny');
  const denying: DenialEvidence['denying'] = (ids, principal) =>
    denyingIds(ids, principal).map((id) => ({ id, reason: reasonOf(id, principal) }));

  /**
   * Finds the part of a rule that denies. Without this part, the rule would not deny. `null`: neither the owner nor the
   * claims are the reason.
   */
  function reasonOf(id: number, principal: Principal): DenialReason | null {
    const [rule] = ruleOf(id);
    if (!rule || principal.kind === 'anonymous') return null;
    const holdsWithout = (part: Partial<Requirement>): boolean => {
      const without = (requirement: Requirement): Requirement => ({ ...requirement, ...part });
      const relaxed = { ...rule, requirement: without(rule.requirement), anyOf: rule.anyOf.map(without) };
      return decide(relaxed, principal, clock()) !== 'deny';
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
    const cached = known.get(key);
    if (cached) return cached;
    const scopes = printAlternatives(leastScopesOf(ids.flatMap(ruleOf)).alternatives);
    const size = 2 * (key.length + scopes.join().length) + 200; // Two bytes for each character, and 200 for the entry.
    // Callers can supply many combinations of inputs. Therefore the map has a bound, and is emptied at this bound.
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
    // Whether an alternative would not deny after a new authentication.
    const open = (alternative: Requirement): boolean =>
      decideRequirement(alternative, principal, clock(), false) !== 'deny';
    return stepUpOf(rules.flatMap(({ requirement, anyOf }) => [requirement, ...anyOf.filter(open)]));
  }

  return {
    code,
    anyScopes: (sets) => [...new Set(sets.flatMap(scopesTogether))].slice(0, maxAlternatives),
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
        .filter((rule) => !satisfies(scopesOfRule(rule), principal.scopes));
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
        // More scopes do not help if a rule denies because of its owner or its claims.
        .filter((id) => reasonOf(id, principal) === null)
        .flatMap(ruleOf);
      return [...new Set(denied.flatMap((rule) => nearestAlternative(scopesOfRule(rule), granted)))].join(' ');
    },
  };
}

/**
 * Returns the smallest maximum age of the requirements, and the contexts that all requirements with an `acr` accept. If
 * there is no common context, the contexts of the first of these requirements are returned.
 */
function stepUpOf(requirements: readonly Requirement[]): StepUp {
  const ages = requirements.flatMap(({ maxAge }) => maxAge ?? []);
  const [first, ...others] = requirements.flatMap(({ acr }) => (acr ? [acr] : []));
  const common = first?.filter((acr) => others.every((accepted) => accepted.includes(acr)));
  const acrValues = common && common.length > 0 ? common : first;
  return { ...(ages.length > 0 && { maxAge: Math.min(...ages) }), ...(acrValues && { acrValues }) };
}
