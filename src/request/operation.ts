import type { DocumentNode, GraphQLSchema } from 'graphql';
import { planCheck } from '../auth/operation-check.ts';
import type { GuardedSchema } from '../auth/guarded-schema.ts';
import { checkServedSchema } from '../auth/guarded-mark.ts';
import { type ChallengeOptions, checkPlanArguments } from './challenge-options.ts';
import { runChecks } from './checks.ts';

/** An operation that a server is about to execute. */
export interface RequestedOperation {
  /**
   * The parsed and valid document. Use one object for all requests with the same document, because plans are stored by
   * the objects of its operations.
   */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** The values of the variables as the client sent them. Default: no variables. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** Another name of `variables`, as in the arguments of `execute` of graphql-js. Set only one of them. */
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  /** The context value of the execution. The caller is `principalOf(contextValue)`. */
  readonly contextValue: unknown;
  /**
   * The schema that the server executes, as in the arguments of `execute` of graphql-js. If it is not guarded, the
   * operation is refused. Default: not checked.
   */
  readonly schema?: GraphQLSchema | undefined;
}

/**
 * Makes the function that decides whether a server executes an operation. Call the function in the server's hook
 * between validation and execution. With Apollo Server, use `planPlugin` instead.
 *
 * The schema enforces its rules without this function too. The function adds the status and the challenge, and refuses
 * inputs that are too deep before they are coerced.
 *
 * Does not check that the document is valid.
 *
 * @param guarded - the schema that the server executes
 * @param options - the challenge of refused operations
 * @returns a function that throws GraphQLError if the operation must not run. The status and the headers of the answer
 * are in its `extensions.http`. `httpAnswer` reads them. It throws StartError if the operation has a `schema` that is
 * not guarded, and TypeError for a principal that the verifier did not make or for both `variables` and
 * `variableValues`
 * @throws StartError with all faults of the arguments
 */
export function createOperationCheck(
  guarded: Pick<GuardedSchema, 'decideOperation'>,
  options: ChallengeOptions,
): (operation: RequestedOperation) => void {
  checkPlanArguments('createOperationCheck', guarded, options);
  const checks = [planCheck(guarded)];
  return ({ document, operationName, contextValue, schema, ...operation }) => {
    if (schema !== undefined) checkServedSchema('createOperationCheck', schema);
    runChecks(checks, { document, operationName, variables: variablesOf(operation) }, contextValue, options);
  };
}

function variablesOf({ variables, variableValues }: Partial<RequestedOperation>): RequestedOperation['variables'] {
  if (variables && variableValues) {
    throw new TypeError('createOperationCheck: found both variables and variableValues; expected one of them');
  }
  return variables ?? variableValues;
}
