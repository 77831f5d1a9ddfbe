import type { FastifyReply, FastifyRequest } from 'fastify';

/** Which pages of other origins may call, and how they are told (Fetch §3.3). No cookie is ever read where they call. */
export interface CrossOrigin {
  /** Whether a request comes from no page at all, from one of ours, or from one of an allowed origin. */
  admits(request: FastifyRequest): boolean;
  /**
   * Sets the headers of an answer that a page may read, and answers a preflight.
   *
   * @param methods that are answered there
   * @returns whether the request was a preflight of an allowed origin: then it is answered
   */
  answer(request: FastifyRequest, reply: FastifyReply, methods: string): boolean;
}

/** What scripts may read beside the headers that they always may: how a refusal can be mended. */
export const exposedHeaders = 'WWW-Authenticate, DPoP-Nonce, Retry-After, X-Request-Id';
/** What scripts may send beside the headers that they always may. */
const taken = [
  'authorization',
  'content-type',
  'dpop',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  // How a request is traced through several systems (W3C Trace Context, W3C Baggage, Sentry).
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
];
/** How long a browser may go by one preflight, in seconds. */
const remembered = '600';

/**
 * @param publicUrl our own origin
 * @param allowed other origins, as browsers write them: compared as text, so that neither case, port nor a longer name passes
 * @param headers that pages of those may send besides, in lower case. Default: none
 */
export function crossOrigin(
  publicUrl: string,
  allowed: readonly string[],
  headers: readonly string[] = [],
): CrossOrigin {
  const mayBeSent = [...new Set([...taken, ...headers])].join(', ');
  const others: ReadonlySet<string> = new Set(allowed);
  return {
    admits({ headers: { origin } }) {
      return origin === undefined || origin === publicUrl || others.has(origin);
    },

    answer(request, reply, methods) {
      const { origin } = request.headers;
      reply.header('vary', 'Origin');
      if (origin === undefined || !others.has(origin)) return false;
      reply.header('access-control-allow-origin', origin);
      reply.header('access-control-expose-headers', exposedHeaders);
      if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
      reply
        .code(204)
        .header('access-control-allow-methods', methods)
        .header('access-control-allow-headers', mayBeSent)
        .header('access-control-max-age', remembered)
        .send();
      return true;
    },
  };
}
