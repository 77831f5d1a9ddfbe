/**
 * How long the client waits for an answer, in milliseconds. It is longer than the server may take, so that a slow
 * answer differs from a hang.
 */
const patience = 30_000;

/** The answer after too many attempts: at the endpoints, in mutations and on pages. */
const tooMany = /too many (?:failed )?(?:attempts|tries)/i;

/**
 * Replaces this process's `fetch`: it measures the time of each request including the body, and aborts after a time
 * limit. The tests' browser and clients all use it.
 * @param onTooMany - called for each answer that reports too many attempts
 */
export function measureRequests(durations: number[], onTooMany: () => void): () => void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const begun = performance.now();
    try {
      const response = await original(input, { ...init, signal: AbortSignal.timeout(patience) });
      const body = await response.arrayBuffer();
      if (response.status === 429 || tooMany.test(Buffer.from(body).toString())) onTooMany();
      const whole = new Response([204, 304].includes(response.status) ? null : body, response);
      // A constructed Response has no URL.
      Object.defineProperty(whole, 'url', { value: response.url });
      return whole;
    } finally {
      durations.push(performance.now() - begun);
    }
  };
  return () => {
    globalThis.fetch = original;
  };
}
