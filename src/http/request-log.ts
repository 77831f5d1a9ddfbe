import type { FastifyReply, FastifyRequest } from 'fastify';

/** One line a request, after it was answered: no query string, no header, no body, in which codes and tokens travel. */
export async function logRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { method, routeOptions } = request;
  // The route and not the path: a path that somebody made up may hold anything.
  const route = routeOptions.url ?? 'none';
  request.log.info(
    { method, route, status: reply.raw.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
    'request',
  );
}
