import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, OperationTypeNode } from 'graphql';
import { ClaimgateError } from '../errors.ts';
import { type Principal, principalOf } from '../principal.ts';
import { type ChallengeOptions, schemeOf } from './challenge.ts';
import { toGraphQLError } from './errors.ts';

/** What is known of an operation that is about to run. */
interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly principal: Principal;
}

/**
 * Asks of each operation whether it may run at all, and answers a refusal with its status and challenge. It stands before
 * `planPlugin`, whose work the refused are spared.
 *
 * @param check - says why an operation may not run, or `null`
 */
export function operationPlugin<Context extends object>(
  check: (operation: Operation) => ClaimgateError | null,
  options: ChallengeOptions,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request: { operationName, variables }, contextValue }) => {
        const principal = principalOf(contextValue);
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw toGraphQLError(streamNeeded(), options);
        const refusal = check({ document, operationName, variables, principal });
        if (refusal) throw toGraphQLError(refusal, options, schemeOf(principal));
      },
    }),
  };
}

/** A single answer cannot hold a subscription: executed like a query it would be null. */
function streamNeeded(): ClaimgateError {
  const message = 'Subscriptions run over WebSocket or with Accept: text/event-stream, and not in a single answer.';
  return new ClaimgateError('BAD_REQUEST', message);
}
