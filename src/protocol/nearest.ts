/**
 * Returns the candidate with the smallest edit distance to a mistyped name. Case is ignored.
 *
 * @returns undefined if every candidate needs too many edits. The limit is 0.4 edits for each character of the name,
 * but at least two edits. For a name of two or three characters, the limit is one edit
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(Math.min(2, Math.floor(name.length / 2)), Math.floor(name.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/**
 * Returns the end of a message about an unknown name, such as `; the nearest is scopes`. Empty if no candidate is near.
 */
export function nearestHint(name: string, candidates: Iterable<string>): string {
  const meant = nearest(name, candidates);
  return meant === undefined ? '' : `; the nearest is ${meant}`;
}

/** Returns the edit distance (Levenshtein) of two texts. The result is at most `limit`. */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, against] of Array.from(other).entries()) {
      const replaced = (row[column] ?? 0) + (character === against ? 0 : 1);
      next.push(Math.min(replaced, (next[column] ?? 0) + 1, (row[column + 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(limit, row.at(-1) ?? 0);
}
