/** Settles promises in an order that numbers determine, one in each turn of the event loop. */
export interface Script {
  /** Resolves when no waiting promise has a smaller number. */
  wait(order: number): Promise<void>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly order: number;
  readonly go: () => void;
}

/** Makes a script. */
export function createScript(): Script {
  const waiting: Waiting[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    for (;;) {
      await turn();
      const next = waiting.reduce<Waiting | null>(
        (least, one) => (least && least.order <= one.order ? least : one),
        null,
      );
      if (next === null) break;
      waiting.splice(waiting.indexOf(next), 1);
      next.go();
    }
    isRunning = false;
  }

  return {
    wait(order) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ order, go: resolve });
      if (!isRunning) void run();
      return promise;
    },
    async idle() {
      while (isRunning) await turn();
    },
  };
}

async function turn(): Promise<void> {
  await new Promise(setImmediate);
}
