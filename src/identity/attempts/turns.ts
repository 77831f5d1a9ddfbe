/** Limits how many tasks of one key run at the same time. */
export interface Turns {
  /**
   * Runs `work` as soon as fewer than `width` tasks of its key are running. Tasks of one key start in the order of the
   * calls.
   */
  take<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  /** How many keys have running tasks. */
  readonly size: number;
}

/** @param width the highest number of tasks of one key that run at the same time */
export function createTurns(width: number): Turns {
  const lines = new Map<string, { running: number; readonly waiting: (() => void)[] }>();
  return {
    async take(key, work) {
      const line = lines.get(key) ?? { running: 0, waiting: [] };
      lines.set(key, line);
      // A task that ends gives its place to the first waiting task. `running` then stays the same.
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
