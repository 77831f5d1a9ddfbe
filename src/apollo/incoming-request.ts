import { isRecord } from '../protocol/record.ts';

/**
 * Returns the reason why the header lines of a value cannot be read, and says which value to pass instead. `null`: the
 * header lines can be read. Frameworks and platforms pass requests of many shapes. The message repeats no value of a
 * request.
 */
export function requestFault(request: unknown): string | null {
  const fault = shapeFault(request);
  return fault && `createContext: expected a request with rawHeaders, such as Node's IncomingMessage; ${fault}`;
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
  if (isRecord(headers) && typeof headers['get'] === 'function') {
    return 'found a Request of the Fetch API: give { rawHeaders: [...request.headers].flat(), method: request.method }';
  }
  if (isRecord(headers)) {
    return 'found headers by name, which cannot show a header that was sent twice: give rawHeaders with each header line, as name, value, name, value';
  }
  return 'found an object without them';
}

/**
 * Returns a fault if a credential is in `headers` but not in `rawHeaders`. Either an adapter of a platform left the
 * header lines out, or a middleware added the header. Without the fault, the caller would be anonymous without notice.
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
