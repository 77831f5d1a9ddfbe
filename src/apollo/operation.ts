import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { OperationCheck } from '../auth/operation-check.ts';
import { principalOf } from '../principal.ts';
import type { ChallengeOptions } from '../request/challenge.ts';
import { toRefusal } from '../request/graphql-error.ts';
import { removeRepeats } from './repeated-denials.ts';

/**
 * Creates the plugin that checks each operation before any part of it runs. At that time, Apollo Server has parsed and
 * validated the operation. A refused operation is answered with the status and the challenge of its error code (RFC
 * 6750 §3). The executor can repeat the error of a denied selection at each position in a list. The plugin removes the
 * repeated errors.
 *
 * @param checks - the checks, in order. The error of the first check that refuses is sent, and later checks do not run
 * @param options - the challenge of refused operations
 */
export function operationPlugin<Context extends object>(
  checks: readonly OperationCheck[],
  options: ChallengeOptions,
): ApolloServerPlugin<Context> {
  const listener: GraphQLRequestListener<Context> = {
    async didResolveOperation({ document, request: { operationName, variables }, contextValue }) {
      const principal = principalOf(contextValue);
      try {
        for (const { check } of checks) check({ document, operationName, variables, principal });
      } catch (error) {
        throw toRefusal(error, options, principal);
      }
    },
    willSendResponse: removeRepeats,
  };
  return { requestDidStart: async () => listener };
}
