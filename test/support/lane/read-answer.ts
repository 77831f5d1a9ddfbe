/** One answer of a connection. */
export interface ReadAnswer {
  readonly status: number;
  /** The lines of the head, with names in lower case, in their order. */
  readonly headers: readonly string[];
  /** The bytes of the body, one character each. */
  readonly body: string;
  /** Whether the server closes the connection after this answer. */
  readonly isLast: boolean;
}

/** Reads one answer. */
export interface AnswerReader {
  /** Reads more bytes, one character each. @returns the answer, or null if it is not complete */
  read(text: string): ReadAnswer | null;
  /** The connection has ended. @returns the answer if the end completes it */
  end(): ReadAnswer | null;
}

/** Makes the reader of the answer to a request with this method. */
export function createAnswerReader(method: string): AnswerReader {
  let seen = '';
  return {
    read(text) {
      seen += text;
      return answerIn(seen, method, false);
    },
    end: () => answerIn(seen, method, true),
  };
}

function answerIn(seen: string, method: string, hasEnded: boolean): ReadAnswer | null {
  const headEnd = seen.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [first = '', ...lines] = seen.slice(0, headEnd).split('\r\n');
  const status = Number(first.split(' ')[1]);
  if (status < 200) return answerIn(seen.slice(headEnd + 4), method, hasEnded);
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return `${line.slice(0, colon).toLowerCase()}: ${line.slice(colon + 1).trim()}`;
  });
  const isLast = headers.includes('connection: close');
  const body = bodyIn(seen.slice(headEnd + 4), headers, method === 'HEAD' || status === 204 || status === 304);
  if (body !== null) return { status, headers, body, isLast };
  return hasEnded && isLast ? { status, headers, body: seen.slice(headEnd + 4), isLast } : null;
}

/** Null: the body is not complete. */
function bodyIn(text: string, headers: readonly string[], isEmpty: boolean): string | null {
  if (isEmpty) return '';
  if (headers.includes('transfer-encoding: chunked')) return chunksIn(text);
  const line = headers.find((header) => header.startsWith('content-length: '));
  if (line === undefined) return null;
  const length = Number(line.slice('content-length: '.length));
  return text.length >= length ? text.slice(0, length) : null;
}

/** Null: the last chunk has not arrived. */
function chunksIn(text: string): string | null {
  let body = '';
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (text.length < end + 2) return null;
    if (size === 0) return body;
    body += text.slice(lineEnd + 2, end);
    at = end + 2;
  }
}
