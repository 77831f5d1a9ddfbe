import type { GraphQLError } from 'graphql';

/** A position in the response, as graphql-js makes it. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/**
 * The errors of one execution. An error is left out if its position, or a position above it, is already null because of
 * another error. This is the class `CollectedErrors` of graphql-js.
 */
export class CollectedErrors {
  readonly errors: GraphQLError[] = [];
  readonly #positions = new Set<Path | undefined>();

  /** @param path - the position that becomes null. `undefined`: the whole result */
  add(error: GraphQLError, path: Path | undefined): void {
    if (this.#isNull(path)) return;
    this.#positions.add(path);
    this.errors.push(error);
  }

  #isNull(start: Path | undefined): boolean {
    if (this.#positions.size === 0) return false;
    for (let path = start; path !== undefined; path = path.prev) {
      if (this.#positions.has(path)) return true;
    }
    return this.#positions.has(undefined);
  }
}
