import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, isIPv6, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where a server listens. */
export interface ListenAddress {
  /** An address or a host name. Empty: all addresses of the machine. */
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
}

/** Returns the addresses of a host name. */
export type FindAddresses = (name: string) => Promise<readonly string[]>;

const addressesOf: FindAddresses = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Lets the HTTP server listen on an address, and on `localhost` on each address of this name. They are usually
 * `127.0.0.1` and `::1`.
 *
 * Fastify itself would make a further HTTP server for each further address. Such a server would have no lane, no bound
 * of pipelined requests and no answers to malformed requests. Here, the one HTTP server gets the connections of all
 * addresses.
 *
 * @param find - finds the addresses of `localhost`. Default: the resolver of the operating system
 * @returns the URL of the first address, and the servers that accept the connections of the further addresses. The
 * caller closes them
 * @throws the error of Node if the first address cannot be used. A further address that cannot be used is logged
 */
export async function listenOn(
  app: FastifyInstance,
  { host, port }: ListenAddress,
  find: FindAddresses = addressesOf,
): Promise<{ readonly url: string; readonly others: readonly Server[] }> {
  const [first, ...further] = host === 'localhost' ? await find(host).catch(() => []) : [];
  const url = await app.listen({ host: first ?? host, port });
  logUnaccepted(app.server, app);
  const used = Number(new URL(url).port || 80);
  const others: Server[] = [];
  for (const address of new Set(further)) {
    if (address === first) continue;
    // The options are those of an HTTP server.
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.on('connection', (socket) => void app.server.emit('connection', socket));
    const shown = `http://${isIPv6(address) ? `[${address}]` : address}:${used}`;
    try {
      await once(server.listen({ host: address, port: used }), 'listening');
      logUnaccepted(server, app);
      others.push(server);
      app.log.info(`Server listening at ${shown}`);
    } catch (error) {
      app.log.warn({ err: error }, `the server does not listen at ${shown}`);
    }
  }
  return { url, others };
}

/**
 * Logs each connection that the operating system cannot accept, for example because it has no memory for it. Without a
 * listener, this event would end the process.
 */
function logUnaccepted(server: Server, { log }: FastifyInstance): void {
  server.on('error', (error) => log.warn({ err: error }, 'a connection could not be accepted'));
}
