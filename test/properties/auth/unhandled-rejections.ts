/**
 * Runs work, and records each unhandled rejection, because an unhandled rejection would end the process of a server.
 * @param work - receives a function that throws if a rejection has been recorded
 */
export async function failOnUnhandled<T>(work: (assertHandled: () => Promise<void>) => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection');
  const unhandled: unknown[] = [];
  const record = (reason: unknown): void => void unhandled.push(reason);
  const assertHandled = async (): Promise<void> => {
    await new Promise(setImmediate);
    const [reason] = unhandled;
    if (unhandled.length > 0) throw new Error('a rejection was not handled', { cause: reason });
  };
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', record);
  try {
    const result = await work(assertHandled);
    // Waits, so that a pending rejection is recorded here and not in the next test.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await assertHandled();
    return result;
  } finally {
    process.removeListener('unhandledRejection', record);
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}

/**
 * Runs work, and counts unhandled rejections instead of failing. Use it if the resolvers themselves drop promises.
 *
 * @param work - receives a function that returns the count since its last call
 */
export async function countUnhandled<T>(work: (count: () => Promise<number>) => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection');
  let unhandled = 0;
  const count = async (): Promise<number> => {
    for (let turn = 0; turn < 12; turn += 1) await new Promise(setImmediate);
    const found = unhandled;
    unhandled = 0;
    return found;
  };
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', () => {
    unhandled += 1;
  });
  try {
    return await work(count);
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
