import type { CustomFetch } from 'openid-client';
import { type Fetch, readBody } from '../issuer/document.ts';
import { reasonOf } from '../issuer/fault.ts';
import { withDeadline } from '../protocol/deadline.ts';

export type { Fetch } from '../issuer/document.ts';

/** Why there is no answer to judge: the network, the time limit, or a body that is too long. */
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
const mostBytes = 1_048_576;

/** Statuses for which the Response constructor refuses a body (Fetch standard, null body status). */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Makes a `fetch` that returns the whole answer, or throws `Unreachable`, in bounded time and memory.
 *
 * openid-client's own time limit is a signal, which a `fetch` may not heed, and which it takes for malformed JSON once
 * the body has begun.
 *
 * @param timeout - in seconds
 */
export function boundedFetch(fetch: Fetch, timeout: number): CustomFetch {
  return async (url, { body, ...options }) => {
    const limit = new AbortController();
    // openid-client sends forms: its wider type is for its other calls.
    const init: RequestInit = { ...options, body: body as URLSearchParams, signal: limit.signal };
    try {
      return await withDeadline(wholeAnswer(fetch, url, init), timeout * 1_000, () => {
        limit.abort();
        throw new Unreachable('time-out');
      });
    } catch (cause) {
      throw cause instanceof Unreachable ? cause : new Unreachable(reasonOf(cause), cause);
    }
  };
}

async function wholeAnswer(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { status, headers, body } = response;
  if (withoutBody.has(status)) {
    await body?.cancel();
    return new Response(null, { status, headers });
  }
  const bytes = await readBody(response, mostBytes);
  if (!bytes) throw new Unreachable('body-too-long');
  // A Blob of the chunks would be read in many turns of the event loop.
  return new Response(new Uint8Array(bytes), { status, headers });
}
