/** Alternative sets of scopes. A token needs every scope of at least one set. `[[]]`: any valid token is enough. */
export type ScopeAlternatives = readonly (readonly string[])[];

/** Whether the granted scopes include every scope of one alternative. Scopes are case-sensitive (RFC 6749 §3.3). */
export function satisfies(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): boolean {
  return alternatives.some((scopes) => scopes.every((scope) => granted.has(scope)));
}

/**
 * The largest number of alternatives in a list. If several rules must hold, the numbers of their alternatives multiply.
 */
export const maxAlternatives = 32;

/**
 * Returns the alternatives that are enough for all of several rules: the cross product of their alternatives, without
 * each alternative that contains another alternative. If there are more than `maxAlternatives`, only the shortest are
 * returned. Each returned alternative is enough.
 */
export function together(rules: readonly ScopeAlternatives[]): ScopeAlternatives {
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
 * Returns the alternative of which `granted` lacks the fewest scopes. If several alternatives lack the same number, the
 * first is returned.
 */
export function nearest(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): readonly string[] {
  const missing = (scopes: readonly string[]): number => scopes.filter((scope) => !granted.has(scope)).length;
  return alternatives.reduce((best, scopes) => (missing(scopes) < missing(best) ? scopes : best));
}
