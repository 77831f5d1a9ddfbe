import { createSourceEventStream, type ExecutionResult, execute, GraphQLError, OperationTypeNode } from 'graphql';
import { ClaimgateError } from '../../../errors.ts';
import { principalOf } from '../../../principal.ts';
import type { OperationSteps } from '../steps.ts';
import { type OperationParameters, parsed, Refused, type Valid, validated } from '../valid-operation.ts';
import type { TrustedDocuments } from '../trusted/documents.ts';
import { eventsOf, faultOf } from './events.ts';
import type { PreparedOperation, StreamCaller } from './prepared.ts';

/** Runs the operations of WebSockets and event streams. */
export interface Runner {
  /**
   * Runs every step before the execution.
   *
   * @returns the operation, or the errors that refuse it. It never throws
   */
  prepare(parameters: OperationParameters, caller: StreamCaller): PreparedOperation | readonly GraphQLError[];
  /**
   * Executes a query or mutation. For a subscription, the guard decides each event again, and the operation is executed
   * for each event.
   *
   * @returns a result, or the results of a subscription. They do not reject. A fault is a result with errors. A
   * subscription ends after a fault of its source or its connection, but continues after an event whose execution fails
   */
  run(operation: PreparedOperation): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult, undefined>>;
}

/**
 * Creates the runner of the steps of the answer form `stream`.
 *
 * @param trusted - the trusted documents. Default: every document is accepted
 */
export function createRunner(steps: OperationSteps, trusted?: TrustedDocuments): Runner {
  return {
    prepare(parameters, caller) {
      try {
        if (caller.fault) return [caller.fault];
        const refusal = trusted?.refusalOf(parameters.query, caller.context());
        if (refusal) return [refusal];
        return checked(steps, validated(steps, parsed(steps, parameters)), caller);
      } catch (error) {
        return error instanceof Refused ? error.faults : [faultOf(error)];
      }
    },
    async run(operation) {
      try {
        if (operation.caller.fault) return finished(operation, { errors: [operation.caller.fault] });
        if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
          return finished(operation, await execute(operation));
        }
        const source = await createSourceEventStream(operation);
        return Symbol.asyncIterator in source ? eventsOf(source, operation) : finished(operation, source);
      } catch (error) {
        return finished(operation, { errors: [faultOf(error)] });
      }
    },
  };
}

/** The steps `check` and `plan`. @throws Refused */
function checked(
  { schema, checks }: OperationSteps,
  { document, operationName, variables, operation }: Valid,
  caller: StreamCaller,
): PreparedOperation {
  const contextValue = caller.context();
  const request = { document, operationName, variables, principal: principalOf(contextValue) };
  try {
    for (const { check } of checks) check(request);
  } catch (error) {
    if (!(error instanceof ClaimgateError)) throw error;
    throw new Refused([refusalError(error)]);
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const variableValues = variables ?? {};
  const type = operation.operation;
  return { schema, document, operationName, variableValues, contextValue, operation: type, caller, ended, end };
}

/** Ends an operation after its last execution. */
function finished({ end }: PreparedOperation, result: ExecutionResult): ExecutionResult {
  end();
  return result;
}

/**
 * Makes the error that a client reads. It leaves out the scope for a challenge, because this answer has no challenge.
 */
function refusalError({ message, evidence, code }: ClaimgateError): GraphQLError {
  const { challengeScope: _, ...rest } = evidence;
  return new GraphQLError(message, { extensions: { ...rest, code } });
}
