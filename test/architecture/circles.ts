/**
 * Finds circles of a graph. For each node, it finds the shortest way back to the node. It skips nodes of circles that
 * it has found before. The result is empty only if the graph has no circle.
 */
export function findCircles(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly string[][] {
  const found: string[][] = [];
  const reported = new Set<string>();
  for (const start of graph.keys()) {
    const circle = reported.has(start) ? null : wayBack(graph, start);
    if (!circle) continue;
    found.push(circle);
    for (const node of circle) reported.add(node);
  }
  return found;
}

/**
 * Searches breadth first. @returns the nodes of the shortest circle through `start`, in order; null if there is none
 */
function wayBack(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): string[] | null {
  const from = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const way = [node];
        for (let at = node; at !== start; ) way.unshift((at = from.get(at) ?? start));
        return way;
      }
      if (from.has(next)) continue;
      from.set(next, node);
      queue.push(next);
    }
  }
  return null;
}
