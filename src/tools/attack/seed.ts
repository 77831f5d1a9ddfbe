import { createHash } from 'node:crypto';

/** Makes the function that chooses some items, in an order that the seed and a text decide. */
export function createChoice(seed: number) {
  return <Item>(items: readonly Item[], count: number, text: string): readonly Item[] => {
    if (items.length <= count) return items;
    const start = createHash('sha256').update(`${seed} ${text}`).digest().readUInt32BE(0) % items.length;
    return Array.from({ length: count }, (_, at) => items[(start + at) % items.length]).filter(
      (item) => item !== undefined,
    );
  };
}
