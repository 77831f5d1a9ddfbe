import { isRecord } from '../protocol/record.ts';

/** A request of Node (`IncomingMessage`). */
export interface NodeRequest {
  /**
   * The header lines: name, value, name, value… They are needed because `headers` does not show a header that was sent
   * twice.
   */
  readonly rawHeaders: readonly string[];
  readonly method?: string | undefined;
}

/**
 * A request of the Fetch API. It joins two headers of one name with a comma. Therefore a credential that was sent twice
 * is malformed and is refused.
 */
export interface FetchRequest {
  readonly headers: Iterable<[name: string, value: string]> & { get(name: string): string | null };
  readonly method: string;
}

/** A request of Node or of the Fetch API. */
export type IncomingRequest = NodeRequest | FetchRequest;

/**
 * Returns the header lines and the method of a request.
 *
 * @throws {TypeError} if the header lines cannot be read. The message says which value to pass instead. It contains no
 * value of the request
 */
export function readRequest(request: unknown): { readonly rawHeaders: readonly string[]; readonly method: string } {
  const fault = shapeFault(request);
  if (fault !== null || !isRecord(request)) {
    throw new TypeError(
      `createContext: expected a Request of the Fetch API, or a request with rawHeaders, such as Node's IncomingMessage; ${fault}`,
    );
  }
  const { rawHeaders, headers, method } = request;
  const lines = isFetchHeaders(headers) && rawHeaders === undefined ? [...headers].flat() : rawHeaders;
  return { rawHeaders: lines as readonly string[], method: typeof method === 'string' ? method : '' }; // Checked above.
}

/**
 * Returns the request that has the header lines. Some servers pass it in another object: in the member `req` of
 * Express's argument, or in the member `raw` of Fastify's request.
 *
 * Does not check that the result is a request. `createContext` checks it.
 */
export function innerRequest(value: unknown): IncomingRequest {
  const request = isRecord(value) && isRecord(value['req']) ? value['req'] : value;
  return (isRecord(request) && isRecord(request['raw']) ? request['raw'] : request) as IncomingRequest;
}

function shapeFault(request: unknown): string | null {
  if (!isRecord(request)) return `found ${request === null ? 'null' : typeof request}`;
  const { rawHeaders, headers } = request;
  if (Array.isArray(rawHeaders) && rawHeaders.every((line) => typeof line === 'string')) {
    return missingLine(rawHeaders, headers);
  }
  if (rawHeaders !== undefined) return 'its rawHeaders are not an array of texts: name, value, name, value';
  for (const name of ['req', 'raw', 'request']) {
    const inner = request[name];
    if (isRecord(inner) && shapeFault(inner) === null) return `found an object that has one: give its member ${name}`;
  }
  if (isFetchHeaders(headers)) return null;
  if (isRecord(headers)) {
    return 'found headers by name, which cannot show a header that was sent twice: give rawHeaders with each header line, as name, value, name, value';
  }
  return 'found an object without them';
}

function isFetchHeaders(headers: unknown): headers is FetchRequest['headers'] {
  return isRecord(headers) && typeof headers['get'] === 'function' && Symbol.iterator in headers;
}

/**
 * Returns a fault if a credential is in `headers` but not in `rawHeaders`. An adapter may have left the header lines
 * out, or a middleware may have added the header. Without this fault, the caller would silently be anonymous.
 */
function missingLine(rawHeaders: readonly string[], headers: unknown): string | null {
  if (!isRecord(headers)) return null;
  for (const name of ['authorization', 'dpop']) {
    if (headers[name] === undefined || headers[name] === '') continue;
    const hasLine = rawHeaders.some((line, index) => index % 2 === 0 && line.toLowerCase() === name);
    if (!hasLine)
      return `found ${name} in its headers and not in its rawHeaders: give rawHeaders with each header line`;
  }
  return null;
}
