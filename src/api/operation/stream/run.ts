import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { ClaimgateError } from '../../../errors.ts';
import { principalOf } from '../../../principal.ts';
import type { OperationSteps } from '../steps.ts';
import { eventsOf, faultOf } from './events.ts';
import type { PreparedOperation, StreamCaller } from './prepared.ts';

/** A GraphQL request, as a client sends it (GraphQL over HTTP, "Request Parameters"). */
export interface OperationParameters {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A request whose text was parsed. */
interface Parsed extends OperationParameters {
  readonly document: DocumentNode;
}

/** A request whose document is valid, with the operation that is to run. */
interface Valid extends Parsed {
  readonly operation: OperationDefinitionNode;
}

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

/** Creates the runner of the steps of the answer form `stream`. */
export function createRunner(steps: OperationSteps): Runner {
  return {
    prepare(parameters, caller) {
      try {
        if (caller.fault) return [caller.fault];
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

/** The errors of the step that refused an operation. */
class Refused extends Error {
  readonly faults: readonly GraphQLError[];

  constructor(faults: readonly GraphQLError[]) {
    super('The operation was refused');
    this.faults = faults;
  }
}

/** The step `parse`. @throws Refused */
function parsed({ parseOptions }: OperationSteps, parameters: OperationParameters): Parsed {
  try {
    return { ...parameters, document: parse(parameters.query, parseOptions) };
  } catch (error) {
    const fault = error instanceof GraphQLError ? error : new GraphQLError('Syntax Error');
    throw new Refused([coded(fault, 'GRAPHQL_PARSE_FAILED')]);
  }
}

/** The steps `limits` and `validate`, and GetOperation (GraphQL §6.1). @throws Refused */
function validated({ schema, validationRules }: OperationSteps, request: Parsed): Valid {
  const { document, operationName } = request;
  // The rules run in the order of Apollo Server. Therefore the errors are equal on every transport.
  const faults = validate(schema, document, [...specifiedRules, ...validationRules]);
  if (faults.length > 0) throw new Refused(faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED')));
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Refused([noOperation(operationName)]);
  return { ...request, operation };
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

/** Sets the code that Apollo Server sets for this fault. Therefore a client reads the same code on every transport. */
function coded(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}

function noOperation(name: string | null | undefined): GraphQLError {
  const message = name
    ? `Unknown operation named "${name}".`
    : 'Must provide operation name if query contains multiple operations.';
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}
