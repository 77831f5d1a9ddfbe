import { withDeadline } from '../protocol/deadline.ts';
import { isRecord } from '../protocol/record.ts';
import { shown } from '../protocol/shown.ts';
import { IssuerFault } from './fault.ts';

/**
 * The signature of `fetch` that this room needs. The function must obey the option `redirect`, and should obey the
 * option `signal`.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The `fetch` for the documents of an issuer, with its limits. */
export interface FetchOptions {
  readonly fetch: Fetch;
  /** The time limit for the complete answer with its body, in milliseconds. */
  readonly timeLimitMs: number;
  /** The largest size of the body after decompression, in bytes. */
  readonly maxBytes: number;
}

/**
 * The result of a fetch: a JSON object, or a status from 400 to 499. With this status, the issuer does not have the
 * document.
 */
export type FetchedDocument =
  | { readonly is: 'document'; readonly document: Readonly<Record<string, unknown>> }
  | { readonly is: 'absent'; readonly status: number };

/**
 * Fetches a JSON object from an issuer. Follows no redirect, and limits the time and the size.
 *
 * Does not check the media type, because some file servers send a key set as `text/plain` or
 * `application/octet-stream`.
 *
 * @throws IssuerFault with the fault and, except after the time limit, the URL; the errors of `fetch`
 */
export async function fetchDocument(url: URL, options: FetchOptions): Promise<FetchedDocument> {
  const controller = new AbortController();
  try {
    // The signal alone is not enough, because a configured `fetch` may ignore it.
    return await withDeadline(fetchObject(url, options, controller.signal), options.timeLimitMs, () => {
      throw new IssuerFault(`no answer in ${options.timeLimitMs} ms`, 'time-out');
    });
  } finally {
    controller.abort();
  }
}

async function fetchObject(url: URL, { fetch, maxBytes }: FetchOptions, signal: AbortSignal): Promise<FetchedDocument> {
  const headers = { accept: 'application/json' };
  const response = await fetch(url.href, { headers, redirect: 'manual', signal });
  const { status } = response;
  if (status !== 200) {
    await response.body?.cancel();
    if (status >= 400 && status < 500) return { is: 'absent', status };
    throw new IssuerFault(`${url.href} answered ${status}`, `status-${status}`);
  }
  const bytes = await readAnswerBody(response, maxBytes);
  if (!bytes) throw new IssuerFault(`${url.href} answered more than ${maxBytes} bytes`, 'body-too-long');
  const document = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (document === undefined) {
    const type = response.headers.get('content-type');
    throw new IssuerFault(
      `${url.href} answered ${type === null ? 'something' : shown(type)} that is not JSON`,
      'not-json',
    );
  }
  if (!isRecord(document)) throw new IssuerFault(`${url.href} answered JSON that is not an object`, 'not-an-object');
  return { is: 'document', document };
}

/**
 * Reads the body of an answer, up to a size limit. Has no time limit. Use `withDeadline` for the time.
 *
 * @param maxBytes the largest size of the body after decompression
 * @returns null if the body is longer
 */
export async function readAnswerBody({ body }: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @returns undefined if the text is not JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
