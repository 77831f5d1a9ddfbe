/** Alternative sets of scopes. A token needs every scope of at least one set. `[[]]`: any valid token is enough. */
export type ScopeAlternatives = readonly (readonly string[])[];

/** Whether the granted scopes include every scope of one alternative. Scopes are case-sensitive (RFC 6749 §3.3). */
export function satisfies(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): boolean {
  return alternatives.some((scopes) => scopes.every((scope) => granted.has(scope)));
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
