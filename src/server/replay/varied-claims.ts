import type { ClaimPath } from '../../protocol/claim-path.ts';

/** How many different values a claim may have. A claim with more is probably of one person, such as the number of an employee. */
const maxValues = 100;
/** How many claims are counted. Further claims are hidden. */
const maxClaims = 250;

/** Hides claims with many different values. */
export interface VariedClaims {
  /** Whether the value of a claim must not be recorded. Counts the value. */
  isHidden(path: ClaimPath, text: string): boolean;
  /** How many values are in memory. */
  readonly entries: number;
}

/**
 * Makes the object that hides claims with many different values: the value of such a claim is no longer recorded. It keeps
 * at most 100 texts of each of 250 claims in memory.
 *
 * @param shownClaims - the claims that are never hidden
 */
export function createVariedClaims(shownClaims: readonly ClaimPath[]): VariedClaims {
  const shown = new Set(shownClaims.map((path) => JSON.stringify(path)));
  /** The texts of each claim. `null`: the claim is hidden. */
  const texts = new Map<string, Set<string> | null>();
  return {
    isHidden(path, text) {
      const key = JSON.stringify(path);
      if (shown.has(key)) return false;
      let known = texts.get(key);
      if (known === undefined) {
        if (texts.size >= maxClaims) return true;
        known = new Set();
        texts.set(key, known);
      }
      if (known === null) return true;
      if (known.size >= maxValues && !known.has(text)) {
        texts.set(key, null);
        return true;
      }
      known.add(text);
      return false;
    },
    get entries() {
      return [...texts.values()].reduce((sum, known) => sum + (known?.size ?? 0), 0);
    },
  };
}
