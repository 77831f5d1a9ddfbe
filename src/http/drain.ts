import { finished } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/**
 * Makes the function that ends a server. The function refuses new connections and completes the requests in progress.
 * It then closes all connections, idle connections too. Browsers open idle connections in advance.
 *
 * Fastify's own `close` is called last, because it refuses in-process requests at once. A token mutation in progress
 * may still send an in-process request to redeem its code.
 *
 * @param app - must have no routes yet
 */
export function prepareDrain(app: FastifyInstance): () => Promise<void> {
  let underWay = 0;
  const { promise: idle, resolve: becomeIdle } = Promise.withResolvers<void>();
  let draining = false;
  const checkIdle = () => {
    if (draining && underWay === 0) becomeIdle();
  };
  app.addHook('onRequest', async (_request, reply) => {
    underWay += 1;
    if (draining) reply.raw.setHeader('connection', 'close');
    // Fastify does not call `onResponse` if the caller disconnects.
    finished(reply.raw, () => {
      underWay -= 1;
      checkIdle();
    });
  });
  return async () => {
    app.server.close();
    draining = true;
    checkIdle();
    await idle;
    app.server.closeAllConnections();
    await app.close();
  };
}
