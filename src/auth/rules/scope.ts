/** Alternatives: a token needs every scope of one of them. `[[]]`: no scope, only a valid token. */
export type ScopeAlternatives = readonly (readonly string[])[];

/** Whether the granted scopes include every scope of one alternative. Scopes are case-sensitive (RFC 6749 §3.3). */
export function satisfies(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): boolean {
  return alternatives.some((scopes) => scopes.every((scope) => granted.has(scope)));
}

/** How many alternatives a list may have. Rules that meet multiply their alternatives. */
export const maxAlternatives = 32;

/**
 * Returns the alternatives that are enough for all rules that meet: the cross product, without those that contain
 * another one. Beyond `maxAlternatives` the shortest ones stay. Each that stays is enough.
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

/** Returns the alternative of which the fewest scopes are missing; of equals, the first. */
export function nearest(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): readonly string[] {
  const missing = (scopes: readonly string[]): number => scopes.filter((scope) => !granted.has(scope)).length;
  return alternatives.reduce((best, scopes) => (missing(scopes) < missing(best) ? scopes : best));
}
