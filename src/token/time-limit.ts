/**
 * Waits for an answer, but not for ever.
 *
 * @param timeLimit - in milliseconds
 * @throws Error where the time has run out; what was asked may go on
 */
export async function inTime<T>(answer: Promise<T>, timeLimit: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeLimit} ms`)), timeLimit);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
