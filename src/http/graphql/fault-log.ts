import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';

/**
 * Logs the errors that callers see only as a fault of the server. Each operation has at most one line, with the first
 * fault and the number of faults. The line has no path, because the caller chooses the aliases in a path.
 *
 * @param formatError - decides which parts of an error a caller reads
 */
export function logFaults<Context extends object>(
  log: FastifyBaseLogger,
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): ApolloServerPlugin<Context> {
  const isFault = (error: Error) => {
    const { extensions } = formatError({ message: '' }, error);
    return extensions?.['code'] === 'INTERNAL_SERVER_ERROR';
  };
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ errors = [] }) => {
        const faults = errors.filter(isFault);
        if (faults.length > 0)
          log.error({ err: unwrapResolverError(faults[0]), faults: faults.length }, 'operation failed');
      },
    }),
    contextCreationDidFail: async ({ error }) => {
      if (isFault(error)) log.error({ err: error }, 'context failed');
    },
  };
}
