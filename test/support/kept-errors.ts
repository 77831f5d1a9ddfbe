type Path = readonly (string | number)[];

/** The errors of a result, in a form that does not depend on which of several rejections wins a race. */
export interface KeptErrors {
  /** The errors outside dropped branches, sorted. */
  readonly kept: readonly string[];
  /** The places where a branch was dropped because of an error, sorted. */
  readonly dropped: readonly string[];
}

/**
 * Separates the errors of a result. A branch is dropped if an error makes a value above it null. graphql-js reports the
 * first of several errors that do this, and those errors of the branch that happen before the result is complete. Which
 * ones these are depends on the turns of the microtask queue.
 *
 * @param errors - the texts of errors, and their paths
 */
export function keptErrors(
  data: unknown,
  errors: readonly { readonly text: string; readonly path: Path | undefined }[],
): KeptErrors {
  const kept: string[] = [];
  const dropped = new Set<string>();
  for (const { text, path = [] } of errors) {
    const end = endOf(data, path);
    if (end.length === path.length && path.length > 0) kept.push(text);
    // A branch without an error can be dropped too: a value that is like a promise can settle with another value.
    else if (valueAt(data, end) === null) dropped.add(JSON.stringify(end));
  }
  return { kept: kept.toSorted(), dropped: [...dropped].toSorted() };
}

/** Returns the part of a path at whose end the data has no object and no list. */
function endOf(data: unknown, path: Path): Path {
  for (let length = 0; length < path.length; length += 1) {
    const value = valueAt(data, path.slice(0, length));
    if (typeof value !== 'object' || value === null) return path.slice(0, length);
  }
  return path;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], data ?? null);
}
