import type { ApolloServerPlugin } from '@apollo/server';
import { prefersGraphqlResponse } from './accept.ts';

/** Faults of the document or its variables. Apollo Server answers each with 400. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Answers a fault of the document or its variables with 200 under `application/json`, where an old client takes any other
 * status for a fault of something on the way, and leaves 400 under `application/graphql-response+json` (GraphQL over HTTP,
 * "Status Codes"). Statuses that mean something else, as 401, 403, 405, 413, 415 and 503, stay.
 */
export function statusPlugin(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ request, response: { body, http } }) => {
        if (http.status !== 400 || body.kind !== 'single' || 'data' in body.singleResult) return;
        const faulty = body.singleResult.errors?.every(({ extensions }) => requestFaults.has(extensions?.['code']));
        if (faulty && !prefersGraphqlResponse(request.http?.headers.get('accept'))) http.status = 200;
      },
    }),
  };
}
