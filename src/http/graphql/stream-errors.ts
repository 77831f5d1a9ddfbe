import type { FastifyBaseLogger } from 'fastify';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { faultOf } from '../../api/operation/operation.ts';
import { withoutRepeats } from '../../apollo/repeated-denials.ts';
import type { GraphqlOptions } from './options.ts';

/** A result as graphql-js and the protocols' libraries have it. */
interface Result {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** Says what a client reads of errors over a connection that outlives a request: the same as over HTTP. */
export interface StreamErrors {
  format(errors: readonly GraphQLError[]): readonly GraphQLFormattedError[];
  result(result: Result): FormattedExecutionResult;
}

/** Faults of the server are logged, one line a result, as Apollo's are. */
export function createStreamErrors(log: FastifyBaseLogger, formatError: GraphqlOptions['formatError']): StreamErrors {
  function format(errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] {
    const formatted = withoutRepeats(errors).map((given) => {
      // What exhausts the stack while variables are coerced is put among the errors of graphql-js as it is.
      const error = given instanceof GraphQLError ? given : faultOf(given);
      const { http: _, ...extensions } = error.extensions; // Status and headers are for an answer over HTTP.
      const told = formatError({ ...error.toJSON(), extensions }, error);
      if (told.extensions?.['code'] === 'INTERNAL_SERVER_ERROR') {
        log.error({ err: error.originalError ?? error }, 'operation failed');
      }
      const { http: __, ...rest } = told.extensions ?? {};
      return { ...told, extensions: rest };
    });
    return formatted;
  }
  return {
    format,
    result: ({ data, errors }) => ({
      ...(data !== undefined && { data }),
      ...(errors && { errors: format(errors) }),
    }),
  };
}
