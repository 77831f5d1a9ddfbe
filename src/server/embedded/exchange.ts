import type { FastifyInstance } from 'fastify';
import type { EmbeddedServer } from '../../api/schema.ts';
import type { Config } from '../../config.ts';
import { createExchange } from '../../exchange/own/exchange.ts';
import { inProcessFetch } from '../../http/in-process.ts';
import type { Logger } from '../../observe/log.ts';
import { signingAlgorithms } from '../../protocol/keys/algorithms.ts';
import { endpoints } from '../../provider/paths.ts';

/**
 * Makes the exchange with this server's own token endpoint. Its requests use no socket.
 *
 * @param app - returns the HTTP server. Not called before the first request of the exchange
 */
export function exchangeWithOwnEndpoint(
  { publicUrl }: Config,
  app: () => FastifyInstance,
  log: Logger,
): EmbeddedServer['exchange'] {
  return createExchange({
    server: {
      issuer: publicUrl,
      tokenEndpoint: publicUrl + endpoints.token,
      revocationEndpoint: publicUrl + endpoints.revocation,
      idTokenSigningAlgorithms: signingAlgorithms,
    },
    fetchFor: inProcessFetch(app, publicUrl, fetch),
    onFailure: (failure) => log.warn(failure, 'exchange failed'),
  });
}
