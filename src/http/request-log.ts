import { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccessLog, withOuterRequestId, withRequestId } from '../observe/log.ts';
import { handedOver } from './lane/lane-request.ts';
import type { CountedRequest } from '../observe/metrics.ts';

/** Runs code for a request. Each line that the code logs has the ID of the request, or of the request that causes it. */
export function withIdOf({ id, raw }: FastifyRequest, run: () => void): void {
  if (raw.socket instanceof Socket) withRequestId(id, run);
  else withOuterRequestId(id, run);
}

/**
 * Logs one line for each request, after its answer or when the caller disconnects. The line has no query string, header
 * or body, because they may hold codes and tokens.
 */
export function logRequests(app: FastifyInstance, access: AccessLog): void {
  app.addHook('onResponse', (request, reply, done) => {
    const ms = Math.round(elapsedMs(request, reply) * 10) / 10;
    const answer = { status: reply.raw.statusCode, ms };
    // The end of an answer is reported in any async context.
    withIdOf(request, () => access({ method: request.method, route: routeOf(request), answer }));
    done();
  });
  app.addHook('onRequestAbort', async (request) =>
    withIdOf(request, () => access({ method: request.method, route: routeOf(request) })),
  );
}

/** Returns the values of an answered request that the metrics count. */
export function countedRequest(request: FastifyRequest, reply: FastifyReply): CountedRequest {
  const { statusCode } = reply.raw;
  return {
    method: request.method,
    route: routeOf(request),
    status: statusCode,
    seconds: elapsedMs(request, reply) / 1_000,
  };
}

/** Returns how long a request took. The time in which the lane has read its body counts too. */
function elapsedMs({ raw }: FastifyRequest, { elapsedTime }: FastifyReply): number {
  const before = handedOver(raw);
  return before ? performance.now() - before.startedAt : elapsedTime;
}

/** Returns the pattern of the route. The path is left out, because the caller chooses it. */
function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'none';
}
