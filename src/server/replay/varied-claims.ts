import type { ClaimPath } from '../../protocol/claim-path.ts';

/** How many different values one claim may have. A claim with more is probably of one person, such as a number of an employee. */
export const maxValues = 100;
/** How many claims are counted. Further claims are hidden. */
const maxClaims = 250;

/**
 * Makes the function that hides claims with many different values: the value of such a claim is no longer recorded. It
 * keeps at most 100 short texts of each of 250 claims in memory.
 *
 * @param shownClaims - the claims that are never hidden
 */
export function createVariedClaims(shownClaims: readonly ClaimPath[]): (path: ClaimPath, text: string) => boolean {
  const shown = new Set(shownClaims.map((path) => JSON.stringify(path)));
  /** The texts of each claim. `null`: the claim is hidden. */
  const texts = new Map<string, Set<string> | null>();
  return (path, text) => {
    const key = JSON.stringify(path);
    if (shown.has(key)) return false;
    let known = texts.get(key);
    if (known === undefined) {
      if (texts.size >= maxClaims) return true;
      known = new Set();
      texts.set(key, known);
    }
    if (known === null) return true;
    known.add(text);
    if (known.size <= maxValues) return false;
    texts.set(key, null);
    return true;
  };
}
