import type { CustomFetch } from 'openid-client';

/** `fetch`, as far as the exchange uses it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Why there is no answer to judge: the network, the time limit, or a body beyond all bounds. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** A code, such as `time-out` or `ECONNREFUSED`. */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** In bytes. A token response with three JWTs is a few kB. */
const longestBody = 1_048_576;

/** A body that the Response constructor refuses for these statuses (Fetch standard, null body status). */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` that has the whole answer, or throws `Unreachable`, in bounded time and memory.
 *
 * openid-client's own time limit is a signal, which a `fetch` may not heed, and which it takes for malformed JSON once
 * the body has begun.
 *
 * @param timeout seconds
 */
export function boundedFetch(fetch: Fetch, timeout: number): CustomFetch {
  return async (url, { body, ...options }) => {
    const limit = new AbortController();
    const { promise: expired, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      limit.abort();
      reject(new Unreachable('time-out'));
    }, timeout * 1000);
    // openid-client sends forms: its wider type is for its other calls.
    const init: RequestInit = { ...options, body: body as URLSearchParams, signal: limit.signal };
    try {
      return await Promise.race([wholeAnswer(fetch, url, init), expired]);
    } catch (cause) {
      throw cause instanceof Unreachable ? cause : new Unreachable(codeOf(cause), cause);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function wholeAnswer(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const { status, headers, body } = await fetch(url, init);
  if (withoutBody.has(status)) {
    await body?.cancel();
    return new Response(null, { status, headers });
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > longestBody) throw new Unreachable('body-too-long');
    chunks.push(chunk);
  }
  // Not a Blob of them, which is read in many turns of the event loop.
  return new Response(Buffer.concat(chunks), { status, headers });
}

/** Node's `fetch` throws a TypeError, and the system's error is its cause. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no-answer';
}
