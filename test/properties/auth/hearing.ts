/**
 * Runs work, and records each unhandled rejection, because one would end the process of a server.
 *
 * @param work - receives a function that throws if a rejection has been recorded
 */
export async function hearing<T>(work: (heard: () => Promise<void>) => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection');
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);
  const heard = async (): Promise<void> => {
    await new Promise(setImmediate);
    const [reason] = unhandled;
    if (unhandled.length > 0) throw new Error('a rejection was not handled', { cause: reason });
  };
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', hear);
  try {
    const result = await work(heard);
    // A rejection that is still pending is recorded here, and not in the next test.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await heard();
    return result;
  } finally {
    process.removeListener('unhandledRejection', hear);
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
