import type { ClaimRule } from '../rules/claim.ts';
import { type Requirement, requirementsOf, type Rule } from '../rules/rule.ts';
import type { CallerHash } from './hash.ts';

/** A claim that rules ask for. */
export interface AskedClaim {
  /** The HMACs of the paths that lead to the claim, from the outermost. The last is the path of the claim. */
  readonly paths: readonly string[];
  /** The HMACs of the texts that rules compare with the items of a list. */
  readonly contained: readonly string[];
}

/**
 * Rules whose constants are HMACs, so that the engine decides them for recorded callers. They have the numbers and places
 * of the rules from which they were made.
 */
export interface ComparableRules {
  readonly rules: readonly Rule[];
  readonly scopes: readonly string[];
  readonly claims: readonly AskedClaim[];
  /** Each `maxAge`, in seconds. */
  readonly ages: readonly number[];
}

/** A text that every rule on a claim or on `acr` accepts. It is the value of what is not known of a caller. */
export const anyText = 'any';

/** Returns the name of the claim of a stand-in that answers one operator at a path. */
export function standInClaim(operator: ClaimRule['operator'], path: string): string {
  return `${operator} ${path}`;
}

/** Makes rules comparable with recorded callers. */
export function comparableRules(rules: readonly Rule[], hash: CallerHash): ComparableRules {
  const requirements = rules.flatMap(requirementsOf);
  const asked = Map.groupBy(
    requirements.flatMap(({ claims }) => claims),
    ({ claim }) => JSON.stringify(claim),
  );
  const hashedRequirement = ({ scope, claims, acr, ...others }: Requirement): Requirement => ({
    ...others,
    scope: scope.map((scopes) => scopes.map((one) => hash.scope(one))),
    claims: claims.map((rule) => hashedClaim(rule, hash)),
    acr: acr && [...acr.map((context) => hash.acr(context)), anyText],
  });
  return {
    rules: rules.map((rule) => ({
      ...rule,
      requirement: hashedRequirement(rule.requirement),
      anyOf: rule.anyOf.map(hashedRequirement),
    })),
    scopes: [...new Set(requirements.flatMap(({ scope }) => scope.flat()))].map((one) => hash.scope(one)),
    claims: [...asked.values()].flatMap((some) => {
      const [first] = some;
      if (!first) return [];
      const { claim } = first;
      return {
        paths: claim.map((_name, at) => hash.path(claim.slice(0, at + 1))),
        contained: some.flatMap((rule) => (rule.operator === 'contains' ? [hash.claim(claim, rule.value)] : [])),
      };
    }),
    ages: requirements.flatMap(({ maxAge }) => maxAge ?? []),
  };
}

function hashedClaim(rule: ClaimRule, hash: CallerHash): ClaimRule {
  const claim = [standInClaim(rule.operator, hash.path(rule.claim))];
  switch (rule.operator) {
    case 'oneOf':
      return {
        claim,
        operator: 'oneOf',
        values: [...rule.values.map((text) => hash.claim(rule.claim, text)), anyText],
      };
    case 'contains':
      return { claim, operator: 'contains', value: hash.claim(rule.claim, rule.value) };
    case 'exists':
    default:
      return { claim, operator: 'exists' };
  }
}
