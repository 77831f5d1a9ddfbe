import type { NormalForm } from '../../auth/algebra/form.ts';
import type { Witness } from '../../auth/algebra/witness.ts';
import type { Access } from './access/access.ts';
import { createFindDifference, type Difference, type FindDifference, judgedDifference } from './compare.ts';
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
  /** The ways of `here` that let in a caller whom the same way of `there` does not. */
  readonly widerWays: readonly Way[];
  /** The types to which these ways lead. No caller reaches another type anew. */
  readonly behindWiderWays: ReadonlySet<string>;
  readonly difference: FindDifference;
}

/** Makes the two directions of a comparison. */
export function pairsOf(before: Access, after: Access): { readonly gained: Pair; readonly lost: Pair } {
  const difference = createFindDifference();
  const sides = [before, after].map((access): Side => ({ access, routes: createFindRoute(access) }));
  const [old, recent] = sides as [Side, Side];
  const pair = (here: Side, there: Side): Pair => {
    const wider = widerWays(here.access.ways, there.access.ways, difference);
    const behindWiderWays = typesBehind(here.access, new Set(wider.map(({ to }) => to)));
    return { here, there, widerWays: wider, behindWiderWays, difference };
  };
  return { gained: pair(recent, old), lost: pair(old, recent) };
}

function widerWays(ways: readonly Way[], others: readonly Way[], difference: FindDifference): readonly Way[] {
  const keyOf = ({ from, to, field }: Way): string => `${from} ${to} ${field?.name ?? ''}`;
  const known = new Map(others.map((way) => [keyOf(way), way.form]));
  return ways.filter((way) => {
    const other = known.get(keyOf(way));
    return !other || difference(way.form, other) !== null;
  });
}

/** Returns who reads a field over all paths. */
export function accessTo({ access }: Side, coordinate: string): NormalForm | null {
  const field = access.fields.get(coordinate);
  return field ? access.forms.both(access.reach(field.type), field.form) : null;
}

/**
 * Finds a caller who reads a field of `here`, and not of `there`.
 *
 * @param isFieldWider - whether the rules of the field itself let in a caller anew
 */
export function newReader(
  { here, there, behindWiderWays, difference }: Pair,
  coordinate: string,
  isFieldWider: boolean,
): Difference {
  const type = here.access.fields.get(coordinate)?.type ?? '';
  if (!behindWiderWays.has(type) && !isFieldWider) return null;
  const form = accessTo(here, coordinate);
  const other = accessTo(there, coordinate);
  if (!form || !other) return null;
  return judgedDifference(form, other, difference, (witness) => {
    const field = there.access.fields.get(coordinate);
    return field !== undefined && routeTo(there.routes(witness), field, witness) !== null;
  });
}

/** Finds a caller who reaches a type of `here`, and not of `there`. */
export function newVisitor({ here, there, difference }: Pair, type: string): Difference {
  return judgedDifference(
    here.access.reach(type),
    there.access.reach(type),
    difference,
    (witness) => there.routes(witness).to(type) !== null,
  );
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

/**
 * Returns the wider ways that lead to fields that cannot be judged: each of them may let callers in to these fields. A way
 * is named by its field, or by the possible type.
 */
export function unknownCauses({ here, widerWays: wider }: Pair, undecided: readonly string[]): ReadonlySet<string> {
  const types = undecided.flatMap((coordinate) => coordinate.split('.', 1));
  const leadsTo = (type: string): boolean => {
    const behind = typesBehind(here.access, new Set([type]));
    return types.some((one) => behind.has(one));
  };
  const causes = types.length === 0 ? [] : wider.filter(({ to }) => leadsTo(to));
  return new Set(causes.map(({ field, to }) => field?.coordinate ?? to));
}

/** Returns types, and the types to which they lead. */
function typesBehind({ waysFrom }: Access, types: Set<string>): ReadonlySet<string> {
  for (const type of types) for (const { to } of waysFrom.get(type) ?? []) types.add(to); // The set grows.
  return types;
}
