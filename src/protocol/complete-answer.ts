/** The length of the body of each complete answer, in bytes. */
const lengths = new WeakMap<Response, number>();

/**
 * Marks an answer whose whole body is in memory. Code that bounds the time and the size of an answer can pass it on, and
 * does not have to read and copy it.
 *
 * @param bytes - the length of the body
 */
export function markComplete(answer: Response, bytes: number): Response {
  lengths.set(answer, bytes);
  return answer;
}

/** Whether an answer was marked as complete and its body has at most `maxBytes`. */
export function isComplete(answer: Response, maxBytes: number): boolean {
  const bytes = lengths.get(answer);
  return bytes !== undefined && bytes <= maxBytes;
}
