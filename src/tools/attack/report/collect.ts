import type { WayIn } from './findings.ts';

/** Collects ways in. One element is reported one time for each way, with the first operation that found it. */
export function createFindings() {
  const found = new Map<string, WayIn>();
  return {
    add(one: Omit<WayIn, 'times'>): void {
      const key = JSON.stringify([one.coordinate, one.by, one.way]);
      const known = found.get(key);
      found.set(key, known ? { ...known, times: known.times + 1 } : { ...one, times: 1 });
    },
    all: (): readonly WayIn[] => [...found.values()],
  };
}
