import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessLog } from '../observe/log.ts';
import type { CountedRequest } from '../observe/metrics.ts';

/**
 * Logs one line for each request, after its answer or when the caller disconnects. The line has no query string, header
 * or body, because they may hold codes and tokens.
 */
export function logRequests(app: FastifyInstance, access: AccessLog): void {
  app.addHook('onResponse', async (request, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    access({ ...about(request), answer: { status: reply.raw.statusCode, ms } });
  });
  app.addHook('onRequestAbort', async (request) => access(about(request)));
}

/** Returns the values of an answered request that the metrics count. */
export function countedRequest(request: FastifyRequest, reply: FastifyReply): CountedRequest {
  return { ...about(request), status: reply.raw.statusCode, seconds: reply.elapsedTime / 1_000 };
}

/** Returns the method and the route. The path is left out, because the caller chooses it. */
function about({ method, routeOptions }: FastifyRequest): { method: string; route: string } {
  return { method, route: routeOptions.url ?? 'none' };
}
