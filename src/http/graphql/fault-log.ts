import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';

/**
 * Logs the errors that callers read only as a fault of the server. The plugin writes at most one line for each
 * operation. The line has the first fault and the number of faults. It has no path, because the caller chooses the
 * aliases in a path.
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
