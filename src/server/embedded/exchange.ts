import type { FastifyInstance } from 'fastify';
import type { EmbeddedServer } from '../../api/schema.ts';
import type { Config } from '../../config.ts';
import { createInProcessExchange } from '../../exchange/own/in-process.ts';
import { inProcessPost } from '../../http/in-process.ts';
import type { Logger } from '../../observe/log.ts';
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
  return createInProcessExchange({
    issuer: publicUrl,
    tokenPath: endpoints.token,
    revocationPath: endpoints.revocation,
    post: inProcessPost(app),
    onFailure: (failure) => log.warn(failure, 'exchange failed'),
  });
}
