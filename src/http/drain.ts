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
  app.addHook('onRequest', (_request, { raw }, done) => {
    underWay += 1;
    if (draining) raw.setHeader('connection', 'close');
    let hasEnded = false;
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      underWay -= 1;
      checkIdle();
    };
    // Fastify does not call `onResponse` if the caller disconnects. An answer emits `finish`, `close`, or both.
    // `finished` of `node:stream` would add twice as many listeners.
    if (raw.closed) end();
    else raw.once('finish', end).once('close', end);
    done();
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
