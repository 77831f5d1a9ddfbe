import type { ApolloServerPlugin } from '@apollo/server';
import { prefersGraphqlResponse } from '../request/accept.ts';

/** The codes for faults of the document or its variables. Apollo Server answers 400 for each of them. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Makes the plugin that answers a fault of the document or its variables with status 200 if the answer is
 * `application/json`. An old client of this media type assumes that another status comes from a proxy. If the answer is
 * `application/graphql-response+json`, the status stays 400 (GraphQL over HTTP, "Status Codes"). The plugin does not
 * change the status of other errors.
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
