import { allOf, type NormalForm } from '../../auth/algebra/form.ts';
import type { SchemaGraph, Way } from './graph.ts';

/** A way from a root type to a type. */
export interface Path {
  /** The fields, from the root: `Query.orders`, `Order.customer`. */
  readonly fields: readonly string[];
  /** What the rules on the way require together. */
  readonly form: NormalForm;
}

/** The largest number of paths for one type. */
const mostPaths = 3;

/** Finds the paths to a type: at most three, the ones with the fewest rules first, and then the shortest. */
export type FindPaths = (type: number) => readonly Path[];

/** The cost of a path: its ways with rules, and its length. */
interface Cost {
  readonly ruled: number;
  readonly length: number;
  readonly last: Way | null;
}

/** Makes the function that finds the paths from the root types of a schema. */
export function createFindPaths({ types, roots, ways, forms }: SchemaGraph): FindPaths {
  const into = Map.groupBy(ways, ({ to }) => to);
  const outOf = Map.groupBy(ways, ({ from }) => from);
  const best: (Cost | undefined)[] = types.map(() => undefined);
  let level = roots.slice();
  for (const root of roots) best[root] = { ruled: 0, length: 0, last: null };
  // One level for each number of rules. Ways without a rule stay on the level.
  while (level.length > 0) {
    const next: number[] = [];
    for (const at of level) {
      const cost = best[at];
      for (const way of cost ? (outOf.get(at) ?? []) : []) {
        const ruled = (cost?.ruled ?? 0) + (way.form === 0 ? 0 : 1);
        const known = best[way.to];
        if (known && known.ruled <= ruled) continue;
        best[way.to] = { ruled, length: (cost?.length ?? 0) + 1, last: way };
        (way.form === 0 ? level : next).push(way.to);
      }
    }
    level = next;
  }

  function pathThrough(last: Way): Path | null {
    const found: Way[] = [last];
    for (let at = best[last.from]; at?.last; at = best[at.last.from]) found.push(at.last);
    // A path through the type itself is no other way to it.
    if (!best[last.from] || found.some((way) => way !== last && way.to === last.to)) return null;
    const numbers = [...new Set(found.map(({ form }) => form))].filter((form) => form !== 0);
    return {
      fields: found.toReversed().flatMap(({ field }) => field ?? []),
      form: allOf(numbers.flatMap((number) => forms[number] ?? [])),
    };
  }

  return (type) => {
    const costOf = ({ from, form }: Way): number =>
      (best[from]?.ruled ?? 0) * 1_000 + (form === 0 ? 0 : 1_000) + (best[from]?.length ?? 0);
    const distinct = new Map(
      (into.get(type) ?? [])
        .filter(({ from }) => from !== type)
        .toSorted((one, other) => costOf(one) - costOf(other))
        .flatMap((way) => {
          const path = pathThrough(way);
          return path ? [[path.fields.join(' '), path] as const] : [];
        }),
    );
    return [...distinct.values()].slice(0, mostPaths);
  };
}
