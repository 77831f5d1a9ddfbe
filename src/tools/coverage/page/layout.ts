import type { SchemaGraph } from '../graph.ts';

/** The place of the box of a type in the picture. The unit is a CSS pixel at full size. */
export interface Box {
  readonly x: number;
  readonly y: number;
}

/** The size of a box, and the distances between boxes. */
export const boxSize = { width: 200, height: 30 } as const;
const columnGap = 110;
const rowGap = 12;
const sweeps = 4;

/**
 * Places the types in columns: the root types on the left, and each type in the column after the first type that leads to
 * it. Types that no operation reaches are on the right. A column is ordered so that types stand near the types that lead to
 * them. The result depends only on the schema.
 */
export function layOut({ types, roots, ways }: Pick<SchemaGraph, 'types' | 'roots' | 'ways'>): readonly Box[] {
  const layers = layersOf(types.length, roots, ways);
  const neighbours: number[][] = types.map(() => []);
  for (const { from, to } of ways) {
    if (from === to) continue;
    neighbours[from]?.push(to);
    neighbours[to]?.push(from);
  }
  const order = types.map(() => 0);
  const place = (layer: readonly number[]): void => layer.forEach((at, row) => (order[at] = row / layer.length));
  layers.forEach(place);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const inOrder = sweep % 2 === 0 ? layers : layers.toReversed();
    for (const layer of inOrder) {
      const middle = new Map(
        layer.map((at) => [
          at,
          average(
            (neighbours[at] ?? []).map((other) => order[other] ?? 0),
            order[at] ?? 0,
          ),
        ]),
      );
      layer.sort((one, other) => (middle.get(one) ?? 0) - (middle.get(other) ?? 0) || one - other);
      place(layer);
    }
  }
  // So that the picture of a large schema is about twice as wide as high.
  const mostRows = Math.max(16, Math.ceil(Math.sqrt(3.6 * types.length)));
  const boxes: Box[] = types.map(() => ({ x: 0, y: 0 }));
  let x = 0;
  for (const layer of layers) {
    // A long layer has several columns.
    const columns = Math.max(1, Math.ceil(layer.length / mostRows));
    const rows = Math.ceil(layer.length / columns);
    layer.forEach((at, index) => {
      const column = Math.floor(index / rows);
      const inColumn = Math.min(rows, layer.length - column * rows);
      const y = ((index % rows) - inColumn / 2) * (boxSize.height + rowGap);
      boxes[at] = { x: Math.round(x + column * (boxSize.width + 40)), y: Math.round(y) };
    });
    x += columns * (boxSize.width + 40) + columnGap;
  }
  return boxes;
}

function layersOf(count: number, roots: readonly number[], ways: SchemaGraph['ways']): number[][] {
  const outOf = Map.groupBy(ways, ({ from }) => from);
  const layers: number[][] = [];
  const placed = new Set<number>(roots);
  for (let layer = [...roots]; layer.length > 0; ) {
    layers.push(layer);
    const next: number[] = [];
    for (const at of layer) {
      for (const { to } of outOf.get(at) ?? []) {
        if (placed.has(to)) continue;
        placed.add(to);
        next.push(to);
      }
    }
    layer = next;
  }
  const others = Array.from({ length: count }, (_, at) => at).filter((at) => !placed.has(at));
  return others.length > 0 ? [...layers, others] : layers;
}

function average(values: readonly number[], otherwise: number): number {
  return values.length === 0 ? otherwise : values.reduce((sum, value) => sum + value, 0) / values.length;
}
