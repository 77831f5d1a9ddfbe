/** How much is tried for each element. A schema with many rules is tried less. */
export interface Extent {
  /** The places of an element. */
  readonly places: number;
  /** The personas on the plain way. */
  readonly personas: number;
  /** The personas on each other way. */
  readonly perWay: number;
  /** The ways that a caller with all that the rules require goes first, so that caches and known documents are of this caller. */
  readonly prepared: number;
}

const small: Extent = { places: 12, personas: 10, perWay: 3, prepared: Number.POSITIVE_INFINITY };
const large: Extent = { places: 2, personas: 4, perWay: 1, prepared: 4 };

/** The number of elements with a rule from which a schema is large. */
const largeFrom = 150;

/** Returns how much is tried in a schema with this number of elements with a rule. */
export function extentOf(elements: number): Extent {
  return elements < largeFrom ? small : large;
}
