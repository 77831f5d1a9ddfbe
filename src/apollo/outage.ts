import type { ApolloServerPlugin } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { type ErrorCode, errorKinds } from '../errors.ts';

const code = 'DATABASE_UNAVAILABLE' satisfies ErrorCode;

/**
 * Answers 503 with `Retry-After` where nothing of an operation came to anything because the database is unavailable. Where
 * something did, the answer is 200 with the error in its place, as with any other fault of a field.
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
