import assert from 'node:assert/strict';

type Path = readonly (string | number)[];

/** An error of a result: everything that is compared of it, and its path. */
export interface ErrorAt {
  readonly text: string;
  readonly path: Path | undefined;
}

/**
 * Checks that two lists of errors of the same data differ only in what a race of rejections decides: their order, and the
 * errors of dropped branches. A branch is dropped if an error makes a value above it null. graphql-js reports the first
 * of several errors that do this, and those errors of the branch that happen before the result is complete. Which ones
 * these are depends on the turns of the microtask queue.
 */
export function assertSameErrors(data: unknown, found: readonly ErrorAt[], wanted: readonly ErrorAt[]): void {
  const all = [...found, ...wanted].map(({ path = [] }) => ({ path, end: endOf(data, path) }));
  const dropped = new Set(
    all.filter(({ path, end }) => end.length < path.length || end.length === 0).map(({ end }) => JSON.stringify(end)),
  );
  const placeOf = ({ path }: ErrorAt): string => JSON.stringify(endOf(data, path));
  const kept = (errors: readonly ErrorAt[]): readonly string[] =>
    errors.flatMap((error) => (dropped.has(placeOf(error)) ? [] : [error.text])).toSorted();
  // A branch without an error can be dropped too: a value that is like a promise can settle with another value.
  const nulls = (errors: readonly ErrorAt[]): readonly string[] => {
    const places = errors.filter(
      (error) => dropped.has(placeOf(error)) && valueAt(data, endOf(data, error.path)) === null,
    );
    return [...new Set(places.map(placeOf))].toSorted();
  };
  assert.deepEqual(kept(found), kept(wanted));
  assert.deepEqual(nulls(found), nulls(wanted));
}

/** Returns the part of a path at whose end the data has no object and no list. */
function endOf(data: unknown, path: Path = []): Path {
  for (let length = 0; length < path.length; length += 1) {
    const value = valueAt(data, path.slice(0, length));
    if (typeof value !== 'object' || value === null) return path.slice(0, length);
  }
  return path;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], data ?? null);
}
