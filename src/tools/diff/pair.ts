import type { NormalForm } from '../../auth/algebra/form.ts';
import type { Witness } from '../../auth/algebra/witness.ts';
import { type Access, together } from './access/access.ts';
import { createFindDifference, type Difference, type FindDifference, listedDifference } from './compare.ts';
import { createFindRoute, type FindRoute, type Route, routeTo } from './example.ts';
import type { Way } from './access/way.ts';

/** One side of a comparison. */
export interface Side {
  readonly access: Access;
  /** Finds how a caller reaches the fields of this side. */
  readonly routes: (witness: Witness) => FindRoute;
}

/** Two schemas, and the direction in which they are compared: who is in `here`, and not in `there`? */
export interface Pair {
  readonly here: Side;
  readonly there: Side;
  /** Whether a way of `here` lets in a caller whom the same way of `there` does not. Otherwise no path can. */
  readonly isAnyWayWider: boolean;
  readonly difference: FindDifference;
}

/** Makes the two directions of a comparison. */
export function pairsOf(before: Access, after: Access): { readonly gained: Pair; readonly lost: Pair } {
  const difference = createFindDifference();
  const sides = [before, after].map((access): Side => ({ access, routes: createFindRoute(access) }));
  const [old, recent] = sides as [Side, Side];
  const pair = (here: Side, there: Side): Pair => ({
    here,
    there,
    isAnyWayWider: isAnyWayWider(here.access.ways, there.access.ways, difference),
    difference,
  });
  return { gained: pair(recent, old), lost: pair(old, recent) };
}

function isAnyWayWider(ways: readonly Way[], others: readonly Way[], difference: FindDifference): boolean {
  const keyOf = ({ from, to, field }: Way): string => `${from} ${to} ${field?.name ?? ''}`;
  const known = new Map(others.map((way) => [keyOf(way), way.form]));
  return ways.some((way) => {
    const other = known.get(keyOf(way));
    return !other || difference(way.form, other) !== null;
  });
}

/** Returns who reads a field over all paths. */
export function accessTo({ access }: Side, coordinate: string): NormalForm | null {
  const field = access.fields.get(coordinate);
  return field ? together(access.reach(field.type), field.form) : null;
}

/**
 * Finds a caller who reads a field of `here`, and not of `there`.
 *
 * @param isFieldWider - whether the rules of the field itself let in a caller anew
 */
export function newReader(
  { here, there, isAnyWayWider, difference }: Pair,
  coordinate: string,
  isFieldWider: boolean,
): Difference {
  if (!isAnyWayWider && !isFieldWider) return null;
  const form = accessTo(here, coordinate);
  const other = accessTo(there, coordinate);
  if (!form || !other) return null;
  return judged(form, other, difference, (witness) => {
    const field = there.access.fields.get(coordinate);
    return field !== undefined && routeTo(there.routes(witness), field, witness) !== null;
  });
}

/** Finds a caller who reaches a type of `here`, and not of `there`. */
export function newVisitor({ here, there, difference }: Pair, type: string): Difference {
  return judged(
    here.access.reach(type),
    there.access.reach(type),
    difference,
    (witness) => there.routes(witness).to(type) !== null,
  );
}

/** Compares forms. If a form is capped, the search for a route decides about the caller that was found. */
function judged(
  form: NormalForm,
  other: NormalForm,
  difference: FindDifference,
  isInOther: (witness: Witness) => boolean,
): Difference {
  const found = difference(form, other);
  if (found !== 'unknown') return found;
  const listed = listedDifference(form, other);
  return listed && !isInOther(listed) ? listed : 'unknown';
}

/** Returns the route of a caller to a field of a side. `null`: the caller does not read it, or there is no such field. */
export function routeOn(side: Side, coordinate: string, witness: Witness): Route | null {
  const field = side.access.fields.get(coordinate);
  return field ? routeTo(side.routes(witness), field, witness) : null;
}

/** Returns the first element of a route that the caller does not read in `there`: it lets the caller in. */
export function causeOf({ there }: Pair, { ways, field }: Route, witness: Witness): string {
  for (const way of ways) {
    const isReached = there.routes(witness).to(way.to) !== null;
    if (!way.field && !isReached) return way.to;
    if (way.field && (!isReached || !routeOn(there, way.field.coordinate, witness))) return way.field.coordinate;
  }
  return field.coordinate;
}
