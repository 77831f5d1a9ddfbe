import type { FastifyReply, FastifyRequest } from 'fastify';

/** The `Vary` header of `/graphql`: the request headers on which its answers depend. */
export const graphqlVary = 'Authorization, DPoP, Origin, Accept';

/**
 * Sets the security headers of an answer. An answer keeps its own `Cache-Control` and `Content-Security-Policy`. This
 * function does not run for the answers of raw handlers (`raw.ts`).
 */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('x-frame-options', 'DENY');
  reply.header('referrer-policy', 'same-origin');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  if (!reply.hasHeader('content-security-policy')) {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    const policy = isPage
      ? "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'"
      : "default-src 'none'; frame-ancestors 'none'";
    reply.header('content-security-policy', policy);
  }
}
