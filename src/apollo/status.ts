import type { ApolloServerPlugin } from '@apollo/server';
import { setRequestFault } from '../request/answer/request-fault.ts';
import { prefersGraphqlResponse } from '../request/accept.ts';

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
        if (prefersGraphqlResponse(request.http?.headers.get('accept'))) return;
        setRequestFault(body.singleResult.errors, http);
      },
    }),
  };
}
