import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Decides which pages of other origins may call an endpoint, and sets the CORS headers (Fetch §3.3). The endpoints that
 * these pages may call read no cookie.
 */
export interface CrossOrigin {
  /** Whether a request has no `Origin`, this server's own origin, or an allowed origin. */
  admits(request: FastifyRequest): boolean;
  /**
   * Sets the headers of an answer that a page may read, and answers a preflight.
   *
   * @param methods - the methods that the server answers at this address
   * @returns whether the request was a preflight of an allowed origin. It is then answered
   */
  answer(request: FastifyRequest, reply: FastifyReply, methods: string): boolean;
  /**
   * Returns the CORS headers of an answer to a page of this origin, which the page may read. They do not contain `Vary`.
   *
   * @param origin - the `Origin` header. Undefined: the request has none
   */
  headersFor(origin: string | undefined): readonly (readonly [name: string, value: string])[];
}

/**
 * The headers of an answer that scripts may read, in addition to the CORS-safelisted headers. A script needs them to
 * handle a refusal.
 */
export const exposedHeaders = 'WWW-Authenticate, DPoP-Nonce, Retry-After, X-Request-Id';
/** The request headers that scripts may send, in addition to the CORS-safelisted headers. */
const defaultHeaders = [
  'authorization',
  'content-type',
  'dpop',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  // Headers of distributed tracing (W3C Trace Context, W3C Baggage, Sentry).
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];
/** How long a browser may reuse the answer to a preflight. */
const preflightSeconds = '600';

/**
 * Makes the rules for pages of other origins.
 *
 * @param publicUrl - this server's own origin
 * @param allowed - the other origins, as browsers write them. The server compares them as text: case, port and every
 * label must be equal
 * @param headers - further headers that pages of the other origins may send, in lower case. Default: none
 */
export function crossOrigin(
  publicUrl: string,
  allowed: readonly string[],
  headers: readonly string[] = [],
): CrossOrigin {
  const mayBeSent = [...new Set([...defaultHeaders, ...headers])].join(', ');
  const others: ReadonlySet<string> = new Set(allowed);
  const none: ReturnType<CrossOrigin['headersFor']> = [];
  const headersFor: CrossOrigin['headersFor'] = (origin) => {
    if (origin === undefined || !others.has(origin)) return none;
    return [
      ['access-control-allow-origin', origin],
      ['access-control-expose-headers', exposedHeaders],
    ];
  };
  return {
    headersFor,

    admits({ headers: { origin } }) {
      return origin === undefined || origin === publicUrl || others.has(origin);
    },

    answer(request, reply, methods) {
      const headers = headersFor(request.headers.origin);
      reply.header('vary', 'Origin');
      if (headers.length === 0) return false;
      for (const [name, value] of headers) reply.header(name, value);
      if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
      reply
        .code(204)
        .header('access-control-allow-methods', methods)
        .header('access-control-allow-headers', mayBeSent)
        .header('access-control-max-age', preflightSeconds)
        .send();
      return true;
    },
  };
}
