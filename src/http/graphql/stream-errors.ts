import type { FastifyBaseLogger } from 'fastify';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { faultOf } from '../../api/operation/operation.ts';
import { withoutRepeats } from '../../request/repeated-denials.ts';
import type { GraphqlOptions } from './options.ts';

/** A result as graphql-js and the protocol libraries define it. */
interface Result {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** Formats errors for WebSockets and event streams, in the same way as for HTTP. */
export interface StreamErrors {
  format(errors: readonly GraphQLError[]): readonly GraphQLFormattedError[];
  result(result: Result): FormattedExecutionResult;
}

/** Makes the formatter. It logs each fault of the server. */
export function createStreamErrors(log: FastifyBaseLogger, formatError: GraphqlOptions['formatError']): StreamErrors {
  function format(errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] {
    const formatted = withoutRepeats(errors).map((thrown) => {
      // If the call stack is exhausted, graphql-js puts the RangeError itself into the list of errors.
      const error = thrown instanceof GraphQLError ? thrown : faultOf(thrown);
      const { http: _, ...extensions } = error.extensions; // The status and headers apply only to answers over HTTP.
      const shown = formatError({ ...error.toJSON(), extensions }, error);
      if (shown.extensions?.['code'] === 'INTERNAL_SERVER_ERROR') {
        log.error({ err: error.originalError ?? error }, 'operation failed');
      }
      const { http: __, ...rest } = shown.extensions ?? {};
      return { ...shown, extensions: rest };
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
