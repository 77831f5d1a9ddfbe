import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { OperationCheck } from '../auth/operation-check.ts';
import type { ChallengeOptions } from '../request/challenge-options.ts';
import { runChecks } from '../request/checks.ts';
import { removeRepeats } from './repeated-denials.ts';

/**
 * Makes the plugin that checks each operation. The checks run after Apollo Server has validated the operation, and
 * before it executes the operation. The answer to a refused operation has the status and the challenge of the error
 * code (RFC 6750 §3). The plugin also removes repeated errors: the executor can repeat the error of a denied selection
 * at each position in a list.
 *
 * @param checks - the checks, in order. If a check throws, its error is sent and later checks do not run
 * @param options - the challenge of refused operations
 */
export function operationPlugin<Context extends object>(
  checks: readonly OperationCheck[],
  options: ChallengeOptions,
): ApolloServerPlugin<Context> {
  const listener: GraphQLRequestListener<Context> = {
    async didResolveOperation({ document, request: { operationName, variables }, contextValue }) {
      runChecks(checks, { document, operationName, variables }, contextValue, options);
    },
    willSendResponse: removeRepeats,
  };
  return { requestDidStart: async () => listener };
}
