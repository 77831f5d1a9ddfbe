import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessLog } from '../observe/log.ts';
import type { CountedRequest } from '../observe/metrics.ts';

/**
 * Logs one line a request: after its answer, or when its caller went away before. No query string, header or body is part of it:
 * codes and tokens travel there.
 */
export function logRequests(app: FastifyInstance, access: AccessLog): void {
  app.addHook('onResponse', async (request, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    access({ ...about(request), answer: { status: reply.raw.statusCode, ms } });
  });
  app.addHook('onRequestAbort', async (request) => access(about(request)));
}

/** A request that was answered, as it is measured. */
export function countedRequest(request: FastifyRequest, reply: FastifyReply): CountedRequest {
  return { ...about(request), status: reply.raw.statusCode, seconds: reply.elapsedTime / 1_000 };
}

/** The route and not the path: a path that somebody made up may hold anything. */
function about({ method, routeOptions }: FastifyRequest): { method: string; route: string } {
  return { method, route: routeOptions.url ?? 'none' };
}
