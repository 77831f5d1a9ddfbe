import type { FastifyReply, FastifyRequest } from 'fastify';

/** The `Vary` header of `/graphql`: the request headers on which its answers depend. */
export const graphqlVary = 'Authorization, DPoP, Origin, Accept';

/** The security headers with a fixed value. They come after `x-request-id`. */
export const fixedHeaders: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
];

/** The `Cache-Control` header of an answer that has none of its own. */
export const defaultCacheControl = 'no-store';

/** The `Content-Security-Policy` header of an answer that is not a page and has none of its own. */
export const policyOfData = "default-src 'none'; frame-ancestors 'none'";

const policyOfPages = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'";

/**
 * Sets the security headers of an answer. An answer keeps its own `Cache-Control` and `Content-Security-Policy`. This
 * function does not run for the answers of raw handlers (`raw.ts`) and of the lane (`lane/heads.ts`).
 */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  for (const [name, value] of fixedHeaders) reply.header(name, value);
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', defaultCacheControl);
  if (!reply.hasHeader('content-security-policy')) {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    reply.header('content-security-policy', isPage ? policyOfPages : policyOfData);
  }
}
