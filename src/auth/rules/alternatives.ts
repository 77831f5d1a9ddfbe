/**
 * Alternatives, of which at least one must hold. An empty list: no alternative can hold.
 *
 * @typeParam Alternative - a set of conditions that must hold together
 */
export interface Alternatives<Alternative> {
  readonly alternatives: readonly Alternative[];
  /** Whether alternatives were left out because of `maxAlternatives`. The others are right, but not complete. */
  readonly isCapped: boolean;
}

/** What `everyOf` and `someOf` need to know about one kind of alternatives. */
export interface AlternativeKind<Alternative> {
  /** Returns the alternative in which both hold. `null`: both cannot hold together. */
  readonly meet: (one: Alternative, other: Alternative) => Alternative | null;
  /** Whether `wider` holds wherever `narrower` holds. It may return `false` if this is hard to find. */
  readonly covers: (wider: Alternative, narrower: Alternative) => boolean;
  /** Returns the number of conditions. If there are too many alternatives, the smallest ones are kept. */
  readonly sizeOf: (alternative: Alternative) => number;
}

/**
 * The largest number of alternatives in a list. The limit is needed because the alternatives of several rules multiply.
 */
export const maxAlternatives = 32;

/**
 * Returns the alternatives in which each of the parts holds.
 *
 * @param neutral - the alternative that always holds
 */
export function everyOf<Alternative>(
  kind: AlternativeKind<Alternative>,
  parts: readonly Alternatives<Alternative>[],
  neutral: Alternative,
): Alternatives<Alternative> {
  // The result is complete if one part never holds, even if other parts are capped.
  if (parts.some(({ alternatives, isCapped }) => alternatives.length === 0 && !isCapped)) {
    return { alternatives: [], isCapped: false };
  }
  return parts.reduce<Alternatives<Alternative>>(
    (sum, part) => {
      // The part is bounded before it is multiplied, so that the product is bounded too.
      const { alternatives, isCapped } = someOf(kind, [part]);
      const product = sum.alternatives.flatMap((one) => alternatives.map((other) => kind.meet(one, other)));
      const possible = product.filter((alternative) => alternative !== null);
      return bounded(kind, possible, sum.isCapped || isCapped);
    },
    { alternatives: [neutral], isCapped: false },
  );
}

/** Returns the alternatives in which at least one of the parts holds. */
export function someOf<Alternative>(
  kind: AlternativeKind<Alternative>,
  parts: readonly Alternatives<Alternative>[],
): Alternatives<Alternative> {
  return bounded(
    kind,
    parts.flatMap(({ alternatives }) => alternatives),
    parts.some(({ isCapped }) => isCapped),
  );
}

/**
 * Removes each alternative that another one covers, and keeps at most `maxAlternatives`: the smallest ones. It compares
 * each alternative only with the kept ones. Therefore it needs at most `2 * maxAlternatives` comparisons for each
 * alternative, even for rules with thousands of alternatives.
 */
function bounded<Alternative>(
  kind: AlternativeKind<Alternative>,
  all: readonly Alternative[],
  isCapped: boolean,
): Alternatives<Alternative> {
  const bySize = all
    .map((alternative, at) => ({ alternative, at, size: kind.sizeOf(alternative) }))
    .sort((one, other) => one.size - other.size);
  let kept: typeof bySize = [];
  for (const candidate of bySize) {
    if (kept.some(({ alternative }) => kind.covers(alternative, candidate.alternative))) continue;
    kept = kept.filter(({ alternative }) => !kind.covers(candidate.alternative, alternative));
    if (kept.length === maxAlternatives) {
      return { alternatives: kept.map(({ alternative }) => alternative), isCapped: true };
    }
    kept.push(candidate);
  }
  kept.sort((one, other) => one.at - other.at);
  return { alternatives: kept.map(({ alternative }) => alternative), isCapped };
}
