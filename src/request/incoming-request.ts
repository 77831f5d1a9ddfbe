import { isStrings } from '../protocol/options/values.ts';
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
 * Returns the header lines and the method of a request. Reads each of them one time.
 *
 * @throws {TypeError} if the header lines cannot be read. The message says which value to pass instead. It contains no
 * value of the request
 */
export function readRequest(request: unknown): { readonly rawHeaders: readonly string[]; readonly method: string } {
  const read = isRecord(request)
    ? linesOf(request)
    : { fault: `found ${request === null ? 'null' : typeof request}`, lines: [] };
  if (!isRecord(request) || read.fault !== null) {
    throw new TypeError(
      `createContext: expected a Request of the Fetch API, or a request with rawHeaders, such as Node's IncomingMessage; ${read.fault}`,
    );
  }
  const { method } = request;
  return { rawHeaders: read.lines, method: typeof method === 'string' ? method : '' };
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

/** The header lines of a request, or the fault of the request. */
interface ReadLines {
  /** `null`: the lines can be read. */
  readonly fault: string | null;
  readonly lines: readonly string[];
}

/** @param isInner - the request is a member of another object. Members of an inner request are not searched */
function linesOf(request: Readonly<Record<string, unknown>>, isInner = false): ReadLines {
  const { rawHeaders, headers } = request;
  if (rawHeaders !== undefined) {
    // The copy has no holes.
    return checked(Array.isArray(rawHeaders) ? Array.from<unknown>(rawHeaders) : null, headers, {
      malformed: 'its rawHeaders are not an array of texts: name, value, name, value',
      source: 'rawHeaders',
    });
  }
  for (const name of isInner ? [] : ['req', 'raw', 'request']) {
    const inner = request[name];
    if (isRecord(inner) && linesOf(inner, true).fault === null) {
      return faulty(`found an object that has one: give its member ${name}`);
    }
  }
  if (isFetchHeaders(headers)) {
    const lines: readonly unknown[] = [...headers].flatMap((line: unknown) =>
      Array.isArray(line) && line.length === 2 ? Array.from<unknown>(line) : [undefined],
    );
    return checked(lines, headers, {
      malformed: 'its headers do not consist of pairs of texts: name, value',
      source: 'list of headers',
    });
  }
  if (isRecord(headers)) {
    return faulty(
      'found headers by name, which cannot show a header that was sent twice: give rawHeaders with each header line, as name, value, name, value',
    );
  }
  return faulty('found an object without them');
}

function faulty(fault: string): ReadLines {
  return { fault, lines: [] };
}

function checked(
  lines: readonly unknown[] | null,
  headers: unknown,
  { malformed, source }: { readonly malformed: string; readonly source: string },
): ReadLines {
  if (!lines || lines.length % 2 !== 0 || !isStrings(lines)) return faulty(malformed);
  const missing = missingName(lines, headers);
  if (missing === undefined) return { fault: null, lines };
  return faulty(`found ${missing} in its headers and not in its ${source}: give rawHeaders with each header line`);
}

function isFetchHeaders(headers: unknown): headers is FetchRequest['headers'] {
  return isRecord(headers) && typeof headers['get'] === 'function' && Symbol.iterator in headers;
}

/**
 * Returns the name of a credential that `headers` has and the header lines do not have. An adapter may have left the
 * header lines out, or a middleware may have added the header. Without this fault, the caller would silently be
 * anonymous.
 */
function missingName(lines: readonly string[], headers: unknown): string | undefined {
  return ['authorization', 'dpop'].find((name) => {
    const hasLine = lines.some((line, index) => index % 2 === 0 && line.toLowerCase() === name);
    if (hasLine || !isRecord(headers)) return false;
    const values = isFetchHeaders(headers)
      ? [headers.get(name)]
      : Object.keys(headers).map((key) => (key.toLowerCase() === name ? headers[key] : undefined));
    return values.some((value) => value !== undefined && value !== null && value !== '');
  });
}
