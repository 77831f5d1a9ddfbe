import { shown } from '../protocol/shown.ts';
import { inTime } from '../protocol/deadline.ts';
import { isRecord } from '../protocol/record.ts';

/** How a document is fetched from an issuer, and how much patience it may cost. */
export interface FetchOptions {
  /** Fetches; it must heed `redirect`, and should heed `signal`. */
  readonly fetch: typeof globalThis.fetch;
  /** Time for the whole answer, headers and body, in milliseconds. */
  readonly timeLimit: number;
  /** Size of the body after decompression, in bytes. */
  readonly sizeLimit: number;
}

/**
 * Fetches a JSON object from an issuer, as if the issuer were hostile: no redirect is followed, and time and size are
 * bounded while the body is read.
 *
 * @returns `null` where the server answers that it has no such document (any 4xx)
 * @throws Error that names the URL and what was wrong, for the operator
 */
export async function fetchDocument(
  url: URL,
  options: FetchOptions,
): Promise<Readonly<Record<string, unknown>> | null> {
  const controller = new AbortController();
  try {
    // Not left to the signal alone: nobody may wait for ever because a `fetch` that was passed in does not heed it.
    return await inTime(fetchObject(url, options, controller.signal), options.timeLimit);
  } finally {
    controller.abort();
  }
}

async function fetchObject(
  url: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | null> {
  const response = await options.fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    if (response.status >= 400 && response.status < 500) return null;
    throw new Error(`${url.href} answered ${response.status}`);
  }
  const document = parse(await readText(response, url, options.sizeLimit));
  if (document === undefined) {
    const type = response.headers.get('content-type');
    throw new Error(`${url.href} answered ${type === null ? 'something' : shown(type)} that is not JSON`);
  }
  if (!isRecord(document)) throw new Error(`${url.href} answered JSON that is not an object`);
  return document;
}

/** The media type is not asked: file servers call a key set `text/plain` or `application/octet-stream`. @returns undefined where it is not JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(response: Response, url: URL, sizeLimit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > sizeLimit) throw new Error(`${url.href} answered more than ${sizeLimit} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
