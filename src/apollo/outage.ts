import type { ApolloServerPlugin } from '@apollo/server';
import { setOutage } from '../request/answer/outage.ts';

/**
 * Makes the plugin that answers 503 with `Retry-After` if the database is unavailable. If at least one root field has
 * data, the status stays 200, and the answer has the errors of the other fields.
 */
export function outagePlugin(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response: { body, http } }) => {
        if (body.kind !== 'single') return;
        const { data, errors } = body.singleResult;
        setOutage({ errors, data: () => data }, http);
      },
    }),
  };
}
