import type { TransportUse, WayIn } from './findings.ts';

/** Collects ways in. One element with the same rules is reported one time for each way, with the first operation that found it. */
export function createFindings() {
  const found = new Map<string, WayIn>();
  return {
    add(one: Omit<WayIn, 'times'>): void {
      const key = JSON.stringify([one.coordinate, one.elements, one.by, one.way]);
      const known = found.get(key);
      found.set(key, known ? { ...known, times: known.times + 1 } : { ...one, times: 1 });
    },
    all: (): readonly WayIn[] => [...found.values()],
  };
}

/** Counts the operations of each transport. */
export function createUsage() {
  const uses = new Map<string, TransportUse>();
  return {
    add(name: string, isReached: boolean): void {
      const { operations, reached } = uses.get(name) ?? { operations: 0, reached: 0 };
      uses.set(name, { name, operations: operations + 1, reached: reached + (isReached ? 1 : 0) });
    },
    all: (): readonly TransportUse[] => [...uses.values()],
    operations: (): number => [...uses.values()].reduce((sum, { operations }) => sum + operations, 0),
  };
}
