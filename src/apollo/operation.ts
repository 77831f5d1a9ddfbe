import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { ClaimgateError } from '../errors.ts';
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
      didResolveOperation: async ({ document, request: { operationName, variables }, contextValue }) => {
        const principal = principalOf(contextValue);
        const refusal = check({ document, operationName, variables, principal });
        if (refusal) throw toGraphQLError(refusal, options, schemeOf(principal));
      },
    }),
  };
}
