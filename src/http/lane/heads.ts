import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type AnswerType, type KnownAnswer, plainHeaders } from '../../api/operation/operation.ts';
import type { CrossOrigin } from '../headers/cross-origin.ts';
import { flatText } from '../../observe/flat-text.ts';
import { idleTimeoutMs, keepAliveOfProxies } from '../connections/keep-alive.ts';
import { defaultCacheControl, fixedHeaders, graphqlVary, policyOfData } from '../headers/security-headers.ts';

/** What the head of an answer depends on. */
export interface Head {
  readonly status: number;
  /** The headers of Apollo Server. */
  readonly headers: KnownAnswer['headers'];
  /** The ID of the request. */
  readonly id: string;
  readonly cors: ReturnType<CrossOrigin['headersFor']>;
  /** The length of the body in bytes. */
  readonly length: number;
  /** The time of the answer, in milliseconds since the epoch. */
  readonly at: number;
  /** Whether the connection comes from a trusted proxy. */
  readonly isProxied: boolean;
}

/** Writes the head of an answer. Its headers have the order in which Fastify would send them. */
export type WriteHead = (response: ServerResponse, head: Head) => void;

const fixed: readonly string[] = fixedHeaders.flat();

/** Writes the head with `writeHead` of Node. */
export const writeHead: WriteHead = (response, { status, headers, id, cors, length, isProxied }) => {
  const lines = isProxied && response.shouldKeepAlive ? ['keep-alive', keepAliveOfProxies] : [];
  lines.push('vary', graphqlVary);
  for (const [name, value] of cors) lines.push(name, value);
  let hasCacheControl = false;
  for (const [name, value] of headers) {
    lines.push(name, value);
    if (name === 'cache-control') hasCacheControl = true;
  }
  lines.push('x-request-id', id, ...fixed);
  if (!hasCacheControl) lines.push('cache-control', defaultCacheControl);
  lines.push('content-security-policy', policyOfData, 'content-length', String(length));
  response.writeHead(status, lines);
};

/** Members of Node's class that its types do not have. */
interface InternalResponse {
  /** The head that Node will write before the body. */
  _header: string | null;
}

/**
 * Writes the head of a usual answer as one text. Node would check each header and search it for the headers that it
 * knows, which takes a tenth of the time of a small query. The texts are constants, except the ID, the length and the
 * date. Any other answer is written with `writeHead`.
 *
 * Use this function only if `probe.ts` has found that this version of Node sends the same bytes for both functions.
 */
export const writeHeadAsText: WriteHead = (response, head) => {
  const { status, headers, id, cors, length, at, isProxied } = head;
  const start =
    headers === plainHeaders['application/json']
      ? starts['application/json']
      : headers === plainHeaders['application/graphql-response+json']
        ? starts['application/graphql-response+json']
        : null;
  if (start === null || status !== 200 || isProxied || cors.length > 0 || !response.shouldKeepAlive) {
    writeHead(response, head);
    return;
  }
  const internal = response as unknown as InternalResponse;
  internal._header = `${start}${id}${middle}${length}${endAt(at)}`;
};

const starts: Readonly<Record<AnswerType, string>> = {
  'application/json': startOf('application/json'),
  'application/graphql-response+json': startOf('application/graphql-response+json'),
};
const middle = flatText(
  `\r\n${linesOf([
    ...fixedHeaders,
    ['cache-control', defaultCacheControl],
    ['content-security-policy', policyOfData],
  ])}content-length: `,
);

function startOf(type: AnswerType): string {
  const lines = linesOf([['vary', graphqlVary], ...plainHeaders[type]]);
  return flatText(`HTTP/1.1 200 ${STATUS_CODES[200]}\r\n${lines}x-request-id: `);
}

function linesOf(headers: readonly (readonly [name: string, value: string])[]): string {
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

let endSecond = 0;
let endText = '';

/** Returns the end of a head, from the `Date` on (RFC 9110 §6.6.1). The answers of one second share it. */
function endAt(at: number): string {
  const second = Math.floor(at / 1_000);
  if (second !== endSecond) {
    endSecond = second;
    const date = new Date(second * 1_000).toUTCString();
    endText = flatText(`\r\nDate: ${date}\r\n${connectionLines}\r\n`);
  }
  return endText;
}

const connectionLines = linesOf([
  ['Connection', 'keep-alive'],
  ['Keep-Alive', `timeout=${Math.floor(idleTimeoutMs.ofCallers / 1_000)}`],
]);

/** The answer to a fault that the lane does not expect. Apollo Server answers with the same body. */
export const failure: Pick<KnownAnswer, 'status' | 'headers' | 'body'> = {
  status: 500,
  headers: [
    ['cache-control', 'no-store'],
    ['content-type', 'application/json; charset=utf-8'],
  ],
  body: `${JSON.stringify({ errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })}\n`,
};

/** The headers that this server itself sets in an answer to a query, besides the media type. */
const ownHeaders: ReadonlySet<string> = new Set(['www-authenticate', 'dpop-nonce', 'retry-after', 'cache-control']);

/** The statuses that this server itself gives an answer to a query. */
const ownStatuses: ReadonlySet<number> = new Set([200, 400, 401, 403, 429, 500, 503]);

/**
 * Whether the lane writes the head of an answer itself. The error of a resolver can set any status and any header. The
 * lane hands such an answer over to Fastify, which checks and joins the headers.
 */
export function hasUsualHead({ status, headers }: Pick<KnownAnswer, 'status' | 'headers'>, type: AnswerType): boolean {
  if (!ownStatuses.has(status)) return false;
  if (headers === plainHeaders[type]) return true;
  return headers.every(([name, value]) =>
    ownHeaders.has(name)
      ? /^[\x20-\x7e]+$/.test(value)
      : plainHeaders[type].some(([plainName, plainValue]) => name === plainName && value === plainValue),
  );
}
