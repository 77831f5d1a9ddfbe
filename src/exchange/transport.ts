import type { CustomFetch } from 'openid-client';
import { type Fetch, readAnswerBody } from '../issuer/document.ts';
import { issuerFaultReason } from '../issuer/fault.ts';
import { withDeadline } from '../protocol/deadline.ts';

export type { Fetch } from '../issuer/document.ts';

/** The server gave no usable answer. The network failed, the time limit passed, or the body is too long. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** A code, such as `time-out` or `ECONNREFUSED`. */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** The largest body of an answer. A token response with three JWTs has a few kB. */
const maxBytes = 1_048_576;

/** Statuses for which the Response constructor refuses a body (Fetch standard, null body status). */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Makes a `fetch` that returns the complete answer or throws `Unreachable`, in bounded time and memory.
 *
 * The time limit of openid-client is not enough. It is a signal, and a `fetch` may ignore a signal. If the signal
 * aborts the body, openid-client reports malformed JSON.
 *
 * @param timeoutSeconds - time for the complete answer
 */
export function boundedFetch(fetch: Fetch, timeoutSeconds: number): CustomFetch {
  return async (url, { body, ...options }) => {
    const limit = new AbortController();
    // openid-client sends only forms here. Its other calls need the wider type of `body`.
    const init: RequestInit = { ...options, body: body as URLSearchParams, signal: limit.signal };
    try {
      return await withDeadline(completeAnswer(fetch, url, init), timeoutSeconds * 1_000, () => {
        limit.abort();
        throw new Unreachable('time-out');
      });
    } catch (cause) {
      throw cause instanceof Unreachable ? cause : new Unreachable(issuerFaultReason(cause), cause);
    }
  };
}

async function completeAnswer(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { status, headers, body } = response;
  if (withoutBody.has(status)) {
    await body?.cancel();
    return new Response(null, { status, headers });
  }
  const bytes = await readAnswerBody(response, maxBytes);
  if (!bytes) throw new Unreachable('body-too-long');
  // Reading a Blob of the chunks would take many turns of the event loop.
  return new Response(new Uint8Array(bytes), { status, headers });
}
