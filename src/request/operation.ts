import type { DocumentNode } from 'graphql';
import { planCheck } from '../auth/operation-check.ts';
import type { GuardedSchema } from '../auth/guarded-schema.ts';
import { principalOf } from '../principal.ts';
import type { ChallengeOptions } from './challenge.ts';
import { toRefusal } from './graphql-error.ts';

/** An operation that a server is about to execute. */
export interface RequestedOperation {
  /** The parsed and valid document. Pass the same object for the same document, because plans are kept with it. */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** The values of the variables as the client sent them. Default: no variables. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** The context value of the execution. The caller is `principalOf(contextValue)`. */
  readonly contextValue: unknown;
}

/**
 * Creates the function that decides an operation before a server executes it. Call the function in the server's hook
 * between validation and execution. Apollo Server has `planPlugin` for this purpose.
 *
 * The schema enforces its rules itself. Without this function the same fields are denied, but the answer does not have
 * the status and the challenge.
 *
 * Not checked: whether the document is valid.
 *
 * @param guarded - the schema that the server executes
 * @param options - the challenge of refused operations
 * @returns a function that throws GraphQLError if the operation may not run. `extensions.http` of the error has the
 * status and the headers of the answer. `httpAnswer` reads them
 */
export function createOperationCheck(
  guarded: Pick<GuardedSchema, 'decideOperation'>,
  options: ChallengeOptions,
): (operation: RequestedOperation) => void {
  const { check } = planCheck(guarded);
  return ({ document, operationName, variables, contextValue }) => {
    const principal = principalOf(contextValue);
    try {
      check({ document, operationName, variables, principal });
    } catch (error) {
      throw toRefusal(error, options, principal);
    }
  };
}
