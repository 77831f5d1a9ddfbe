/** What is enough: any one alternative, and of that every scope. `[[]]`: no scope, only a valid token. */
export type ScopeAlternatives = readonly (readonly string[])[];

/** Whether the scopes granted hold one alternative: tokens are compared exactly, as RFC 6749 §3.3 has them case-sensitive. */
export function satisfies(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): boolean {
  return alternatives.some((scopes) => scopes.every((scope) => granted.has(scope)));
}

/** How many alternatives are kept: with rules that meet they multiply. */
export const mostAlternatives = 32;

/**
 * What is enough for all the rules that meet: the cross product, without what another alternative already says. Of too many
 * those stay that ask for least; each is enough.
 */
export function together(rules: readonly ScopeAlternatives[]): ScopeAlternatives {
  return rules.reduce(
    (sum, alternatives) => {
      const all = minimal(sum.flatMap((a) => alternatives.map((b) => [...new Set([...a, ...b])])));
      return all.length > mostAlternatives
        ? all.toSorted((a, b) => a.length - b.length).slice(0, mostAlternatives)
        : all;
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

/** In the grammar of `@auth(scope:)`. Empty: a valid token is all it takes. */
export function printAlternatives(alternatives: ScopeAlternatives): readonly string[] {
  return alternatives.map((scopes) => scopes.join(' ')).filter((text) => text !== '');
}

/** The alternative that lacks the fewest scopes; of equals, the one written first. */
export function nearest(alternatives: ScopeAlternatives, granted: ReadonlySet<string>): readonly string[] {
  const missing = (scopes: readonly string[]): number => scopes.filter((scope) => !granted.has(scope)).length;
  return alternatives.reduce((best, scopes) => (missing(scopes) < missing(best) ? scopes : best));
}
