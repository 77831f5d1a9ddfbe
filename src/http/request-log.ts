import type { FastifyReply, FastifyRequest } from 'fastify';

/** One line a request, after it was answered: no query string, no header, no body, in which codes and tokens travel. */
export async function logRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  request.log.info(
    { ...about(request), status: reply.raw.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
    'request',
  );
}

/** The line of a request whose caller went away before the answer. */
export async function logAbort(request: FastifyRequest): Promise<void> {
  request.log.info(about(request), 'request aborted');
}

/** The route and not the path: a path that somebody made up may hold anything. */
function about({ method, routeOptions }: FastifyRequest): { method: string; route: string } {
  return { method, route: routeOptions.url ?? 'none' };
}
