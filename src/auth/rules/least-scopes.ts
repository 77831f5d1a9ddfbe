import { type AlternativeKind, type Alternatives, everyOf, someOf } from './alternatives.ts';
import type { Rule } from './rule.ts';
import type { ScopeAlternatives } from './scope.ts';

/** The smallest alternative sets of scopes, and whether the list is complete. */
export type LeastScopes = Alternatives<readonly string[]>;

const scopeSets: AlternativeKind<readonly string[]> = {
  meet: (one, other) => [...new Set([...one, ...other])],
  covers: (wider, narrower) => wider.every((scope) => narrower.includes(scope)),
  sizeOf: (scopes) => scopes.length,
};

/**
 * Returns the smallest sets of scopes that are enough for all parts together. If there are more than
 * `maxAlternatives`, it returns only the shortest ones, and the result is marked as capped.
 */
export function scopesForEvery(parts: readonly LeastScopes[]): LeastScopes {
  return everyOf(scopeSets, parts, []);
}

/** Returns the smallest sets of scopes that are enough for at least one of the parts. */
export function scopesForSome(parts: readonly LeastScopes[]): LeastScopes {
  return someOf(scopeSets, parts);
}

/**
 * Returns the smallest sets of scopes that are enough for a rule, as far as scopes decide. Alternatives of `anyOf` count
 * only if they require a scope. Therefore the result names the scopes that a client can request, even if the rule also
 * holds without them, for example for an owner.
 */
export function leastScopesOfRule({ requirement, anyOf }: Pick<Rule, 'requirement' | 'anyOf'>): LeastScopes {
  const withScope = anyOf
    .filter(({ scope }) => scope.some((scopes) => scopes.length > 0))
    .flatMap(({ scope }) => scope);
  const all = (alternatives: ScopeAlternatives): LeastScopes => ({ alternatives, isCapped: false });
  return withScope.length > 0 ? scopesForEvery([all(requirement.scope), all(withScope)]) : all(requirement.scope);
}

/** Returns the scope alternatives of a rule, as `leastScopesOfRule` finds them. */
export function scopesOfRule(rule: Rule): ScopeAlternatives {
  return leastScopesOfRule(rule).alternatives;
}

/**
 * Returns the smallest sets of scopes that are enough for several rules together. A token with every scope of one set lacks no
 * scope for the rules. `[[]]`: no scope is needed. SHADOW rules are left out, because they
 * deny nothing.
 */
export function leastScopesOf(rules: readonly Rule[]): LeastScopes {
  return scopesForEvery(rules.filter(({ mode }) => mode === 'ENFORCE').map(leastScopesOfRule));
}
