/**
 * Runs work, and hears of each rejection that nothing handles: it would end the process of a server.
 *
 * @param work - calls the function it gets to have thrown what was heard since
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
    // What is still under way is heard here, and not by the next test.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await heard();
    return result;
  } finally {
    process.removeListener('unhandledRejection', hear);
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
