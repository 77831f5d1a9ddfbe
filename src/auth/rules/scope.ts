/** Alternative sets of scopes. A token needs every scope of at least one set. `[[]]`: any valid token is enough. */
export type ScopeAlternatives = readonly (readonly string[])[];

/** Whether the granted scopes include every scope of one alternative. Scopes are case-sensitive (RFC 6749 §3.3). */
export function satisfies(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): boolean {
  return alternatives.some((scopes) => scopes.every((scope) => granted.has(scope)));
}

/**
 * The largest number of alternatives in a list. The limit is needed because the alternatives of several rules multiply.
 */
export const maxAlternatives = 32;

/**
 * Returns alternatives that are enough for several rules together. It combines the alternatives of the rules, and
 * removes each combination that contains another combination. If there are more than `maxAlternatives`, it returns only
 * the shortest ones.
 */
export function combinedAlternatives(rules: readonly ScopeAlternatives[]): ScopeAlternatives {
  return rules.reduce(
    (sum, alternatives) => {
      const all = minimal(sum.flatMap((a) => alternatives.map((b) => [...new Set([...a, ...b])])));
      return all.length > maxAlternatives ? all.toSorted((a, b) => a.length - b.length).slice(0, maxAlternatives) : all;
    },
    [[]],
  );
}

function minimal(alternatives: ScopeAlternatives): ScopeAlternatives {
  return alternatives.filter(
    (candidate, at) =>
      !alternatives.some(
        (other, index) =>
          index !== at &&
          other.every((scope) => candidate.includes(scope)) &&
          (other.length < candidate.length || index < at),
      ),
  );
}

/** Writes alternatives in the grammar of `@auth(scope:)`. Empty: a valid token is enough. */
export function printAlternatives(alternatives: ScopeAlternatives): readonly string[] {
  return alternatives.map((scopes) => scopes.join(' ')).filter((text) => text !== '');
}

/**
 * Returns the alternative with the fewest scopes that are missing in `granted`. If several alternatives miss the same
 * number, the first is returned.
 */
export function nearestAlternative(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): readonly string[] {
  const missing = (scopes: readonly string[]): number => scopes.filter((scope) => !granted.has(scope)).length;
  return alternatives.reduce((best, scopes) => (missing(scopes) < missing(best) ? scopes : best));
}
