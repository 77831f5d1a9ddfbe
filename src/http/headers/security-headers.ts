import type { FastifyReply, FastifyRequest } from 'fastify';

/** Every `/graphql` answer may differ by these. */
export const graphqlVary = 'Authorization, DPoP, Origin, Accept';

/** Headers of every answer that did not bring its own. Those that the authorization server sends raw pass by here. */
export async function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('x-request-id', request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('x-frame-options', 'DENY');
  reply.header('referrer-policy', 'same-origin');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  if (!reply.hasHeader('content-security-policy')) {
    // Apollo Sandbox brings its own list of what it loads, in the page.
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    const policy = isPage
      ? "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'"
      : "default-src 'none'; frame-ancestors 'none'";
    reply.header('content-security-policy', policy);
  }
}
