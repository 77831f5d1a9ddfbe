import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observe/metrics.ts';
import { refuse } from './refusal.ts';

/** The options of `mountMetrics`. */
export interface MetricsOptions {
  readonly metrics: Pick<Metrics, 'contentType' | 'read'>;
  /** The bearer token that the reader of the metrics must send. */
  readonly token: string;
}

/**
 * Mounts `/metrics`. A request needs the token. The metrics show which clients call the API and which coordinates are
 * denied.
 */
export function mountMetrics(app: FastifyInstance, { metrics, token }: MetricsOptions): void {
  const expected = digest(`Bearer ${token}`);
  app.get('/metrics', async (request, reply) => {
    // `timingSafeEqual` needs values of equal length. The hashes have equal lengths and hide the length of the token.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      reply.header('www-authenticate', 'Bearer realm="metrics"');
      return refuse(reply, 'UNAUTHENTICATED', 'Send the metrics token in the Authorization header');
    }
    return reply.header('content-type', metrics.contentType).send(await metrics.read());
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
