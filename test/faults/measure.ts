/** How long the client waits for an answer, in milliseconds: longer than the server may take, so that a hang is told from slowness. */
const patience = 30_000;

/** What the server says to those that guessed too much, at its endpoints, in the mutations and on its pages. */
const tooMany = /too many (?:failed )?(?:attempts|tries)/i;

/**
 * Makes every `fetch` of this process note how long it took, body included, and give up in the end: the browser and the
 * clients of the tests all go through it.
 *
 * @param onTooMany called for each answer that the limits on guessing gave
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
      // A response that is made, and not fetched, has no address.
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
