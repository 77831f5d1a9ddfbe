import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Makes the function that logs the errors of one answer that callers read only as a fault of the server. It writes at
 * most one line for each answer. The line has the first fault and the number of faults. It has no path, because the
 * caller chooses the aliases in a path.
 *
 * @param formatError - decides which parts of an error a caller reads
 */
export function faultLog(log: FastifyBaseLogger, formatError: FormatError): (errors: readonly Error[]) => void {
  return (errors) => {
    const faults = errors.filter((error) => isFault(error, formatError));
    if (faults.length > 0)
      log.error({ err: unwrapResolverError(faults[0]), faults: faults.length }, 'operation failed');
  };
}

/** Makes the plugin that logs the faults of each operation of Apollo Server, and each context that cannot be made. */
export function logFaults<Context extends object>(
  log: FastifyBaseLogger,
  formatError: FormatError,
): ApolloServerPlugin<Context> {
  const logErrors = faultLog(log, formatError);
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ errors = [] }) => logErrors(errors),
    }),
    contextCreationDidFail: async ({ error }) => {
      if (isFault(error, formatError)) log.error({ err: error }, 'context failed');
    },
  };
}

/**
 * Makes the function that writes the results of Apollo Server as JSON. It logs the error if a result cannot be written,
 * for example because a resolver has returned a BigInt. Apollo Server then answers with 500, and calls no plugin.
 */
export function writeLogged(log: FastifyBaseLogger): (result: unknown) => string {
  return (result) => {
    try {
      return `${JSON.stringify(result)}\n`;
    } catch (error) {
      log.error({ err: error, faults: 1 }, 'operation failed');
      throw error;
    }
  };
}

function isFault(error: Error, formatError: FormatError): boolean {
  const { extensions } = formatError({ message: '' }, error);
  return extensions?.['code'] === 'INTERNAL_SERVER_ERROR';
}
