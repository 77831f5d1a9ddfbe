import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CountedRequest } from '../observe/metrics.ts';

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

/** A request that was answered, as it is measured. */
export function countedRequest(request: FastifyRequest, reply: FastifyReply): CountedRequest {
  return { ...about(request), status: reply.raw.statusCode, seconds: reply.elapsedTime / 1_000 };
}

/** The route and not the path: a path that somebody made up may hold anything. */
function about({ method, routeOptions }: FastifyRequest): { method: string; route: string } {
  return { method, route: routeOptions.url ?? 'none' };
}
