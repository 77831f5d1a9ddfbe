/** Lets work of the same key wait for its turn. */
export interface Turns {
  /** Does the work as soon as fewer than so many of its key are under way, in the order in which they came. */
  take<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  /** Of how many keys work is under way. */
  readonly size: number;
}

/** @param width how much of one key is under way at once, at most */
export function createTurns(width: number): Turns {
  const lines = new Map<string, { running: number; readonly waiting: (() => void)[] }>();
  return {
    async take(key, work) {
      const line = lines.get(key) ?? { running: 0, waiting: [] };
      lines.set(key, line);
      // The one that ends hands its place to the first that waits.
      if (line.running < width) line.running += 1;
      else await new Promise<void>((resolve) => line.waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = line.waiting.shift();
        if (next) next();
        else if (line.running === 1) lines.delete(key);
        else line.running -= 1;
      }
    },
    get size() {
      return lines.size;
    },
  };
}
