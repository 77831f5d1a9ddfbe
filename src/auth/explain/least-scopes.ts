import { type LeastScopes, scopesForEvery, scopesForSome } from '../rules/least-scopes.ts';
import { nearestAlternative, satisfies, type ScopeAlternatives } from '../rules/scope.ts';

/**
 * Returns the smallest sets of scopes that are enough for all parts together, like `scopesForEvery`. It is fast for
 * thousands of parts: parts with one alternative are joined first, and parts that they satisfy are left out. If the
 * result is capped, its sets are enough, and smaller sets can exist.
 */
export function scopesForAll(parts: readonly LeastScopes[]): LeastScopes {
  const isPartCapped = parts.some((part) => part.isCapped);
  const forced = new Set<string>();
  let open = distinctLists(parts.map(({ alternatives }) => alternatives));
  if (open.some(({ length }) => length === 0)) return { alternatives: [], isCapped: isPartCapped };
  while (open.some(({ length }) => length === 1)) {
    for (const alternatives of open) if (alternatives.length === 1) for (const set of alternatives) addAll(forced, set);
    const others = open.filter((alternatives) => !satisfies(alternatives, forced));
    open = distinctLists(others.map((alternatives) => withoutScopes(alternatives, forced)));
  }
  let sets: ScopeAlternatives = [[]];
  let isFull = false;
  for (const alternatives of open.toSorted((one, other) => one.length - other.length)) {
    if (isFull) {
      // The list is not complete any more. Therefore each set takes only the nearest alternative.
      sets = sets.map((set) => [...new Set([...set, ...nearestAlternative(alternatives, new Set(set))])]);
      continue;
    }
    const both = [sets, alternatives].map((each): LeastScopes => ({ alternatives: each, isCapped: false }));
    ({ alternatives: sets, isCapped: isFull } = scopesForEvery(both));
  }
  return { alternatives: sets.map((set) => [...forced, ...set]), isCapped: isFull || isPartCapped };
}

/** Removes scopes from the sets, and then each set that contains another one. */
function withoutScopes(alternatives: ScopeAlternatives, scopes: ReadonlySet<string>): ScopeAlternatives {
  const left = alternatives.map((set) => set.filter((scope) => !scopes.has(scope)));
  return scopesForSome([{ alternatives: left, isCapped: false }]).alternatives;
}

function distinctLists(lists: readonly ScopeAlternatives[]): readonly ScopeAlternatives[] {
  return [...new Map(lists.map((list) => [JSON.stringify(list), list])).values()];
}

function addAll(scopes: Set<string>, more: readonly string[]): void {
  for (const scope of more) scopes.add(scope);
}
