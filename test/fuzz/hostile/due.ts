/**
 * The longest time that an answer may take, in milliseconds. The time in which an attacked process could have run, but
 * waited for the processor, is not counted.
 */
const answerTimeoutMs = 10_000;

/** Functions that return how long an attacked process has waited for the processor, in milliseconds. */
const waits = new Set<() => number>();

/** Leaves the time out in which a process waits for the processor. @returns a function that ends this */
export function leaveOutWaits(waitedMs: () => number): () => void {
  waits.add(waitedMs);
  return () => waits.delete(waitedMs);
}

function totalWaitMs(): number {
  return [...waits].reduce((sum, waitedMs) => sum + waitedMs(), 0);
}

/** The server neither answered nor closed the connection in time. */
export class Hang extends Error {
  constructor(what: string) {
    super(`no answer within ${answerTimeoutMs} ms: ${what}`);
  }
}

/** Waits for a due answer. Throws {@link Hang} after `answerTimeoutMs`. */
export async function due<T>(answer: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    let before = totalWaitMs();
    const check = (): void => {
      const now = totalWaitMs();
      const leftOutMs = now - before;
      before = now;
      if (leftOutMs < 100) reject(new Hang(what()));
      else timer = setTimeout(check, leftOutMs);
    };
    timer = setTimeout(check, answerTimeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
