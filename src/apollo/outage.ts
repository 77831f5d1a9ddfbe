import type { ApolloServerPlugin } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { type ErrorCode, errorKinds } from '../errors.ts';

const code = 'DATABASE_UNAVAILABLE' satisfies ErrorCode;

/**
 * Makes the plugin that answers 503 with `Retry-After` if the database is unavailable. If at least one root field has
 * data, the status stays 200, and the answer has the errors of the other fields.
 */
export function outagePlugin(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response: { body, http } }) => {
        if (body.kind !== 'single' || !isOutage(body.singleResult)) return;
        http.status = errorKinds[code].status;
        http.headers.set('retry-after', String(errorKinds[code].retryAfter));
      },
    }),
  };
}

function isOutage({ data, errors = [] }: FormattedExecutionResult): boolean {
  const empty = !data || Object.values(data).every((value) => value === null);
  return empty && errors.some(({ extensions }) => extensions?.['code'] === code);
}
