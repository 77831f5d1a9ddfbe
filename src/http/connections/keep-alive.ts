import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { addressMatcher } from '../../protocol/address-range.ts';

/**
 * How long an idle connection stays open. A proxy must close its connection before the server does. Otherwise the proxy
 * may send a request while the server is closing the connection. The proxy then gets no answer and answers 502 itself.
 * Proxies wait for 60 s (nginx, AWS), 90 s (Traefik), 120 s (Caddy) or 600 s (Google Cloud). The server closes
 * connections that come directly from callers earlier.
 */
export const idleTimeoutMs = { ofCallers: 72_000, ofProxies: 620_000 } as const;

/** The `Keep-Alive` header of an answer to a trusted proxy. */
export const keepAliveOfProxies: string = `timeout=${idleTimeoutMs.ofProxies / 1_000}`;

/** How much longer Node waits than the `Keep-Alive` header says. The client starts its clock later than the server. */
const bufferMs = 1_000;

/**
 * Keeps connections of trusted proxies open for `idleTimeoutMs.ofProxies`. All other connections keep the timeout of
 * the server, `idleTimeoutMs.ofCallers`.
 *
 * @param trustedProxies - addresses, ranges in CIDR notation, and ranges by name, as Fastify's `trustProxy` takes them
 */
export function keepProxyConnections(app: FastifyInstance, trustedProxies: readonly string[]): void {
  if (trustedProxies.length === 0) return;
  const isProxy = addressMatcher(trustedProxies);
  app.addHook('onRequest', ({ raw: { socket } }, { raw }, done) => {
    // An in-process request has no socket.
    if (socket instanceof Socket && isProxy(socket.remoteAddress ?? '')) {
      if (raw.shouldKeepAlive && !raw.hasHeader('connection')) raw.setHeader('keep-alive', keepAliveOfProxies);
      keepOpen(socket, raw);
    }
    done();
  });
}

/** Keeps the connection of a trusted proxy open for `idleTimeoutMs.ofProxies` after an answer. */
export function keepOpen(socket: Socket, response: ServerResponse): void {
  // At this event, Node has just set its own timeout. Node sets none if a pipelined request follows on the connection.
  response.once('finish', () => {
    if (socket.timeout) socket.setTimeout(idleTimeoutMs.ofProxies + bufferMs);
  });
}
