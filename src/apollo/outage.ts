import type { ApolloServerPlugin } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { type ErrorCode, errorKinds } from '../errors.ts';

const code = 'DATABASE_UNAVAILABLE' satisfies ErrorCode;

/**
 * Creates the plugin that answers 503 with `Retry-After` if the database is unavailable and no root field has data. If
 * a root field has data, the status stays 200 and the answer has the errors of the other fields, as for any error of a
 * field.
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
