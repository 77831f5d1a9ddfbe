import type { ApolloServerPlugin } from '@apollo/server';
import { prefersGraphqlResponse } from '../request/accept.ts';

/** The codes of faults of the document or its variables. Apollo Server answers each with 400. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Creates the plugin that answers a fault of the document or its variables with status 200 if the answer is
 * `application/json`. An old client of this media type assumes that any other status comes from an intermediary. Under
 * `application/graphql-response+json` the status stays 400 (GraphQL over HTTP, "Status Codes"). Other statuses, such as
 * 401, 403, 405, 413, 415 and 503, do not change.
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
