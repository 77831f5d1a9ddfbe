import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  type ParseOptions,
  execute,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import type { GuardedSchema, OperationRequest } from '../../../auth/guarded-schema.ts';
import type { Refusal, Verdict } from '../../../auth/decide/verdict.ts';
import { ClaimgateError } from '../../../errors.ts';
import { type Principal, principalOf } from '../../../principal.ts';
import { eventsOf, faultOf } from './events.ts';
import type { Caller, PreparedOperation } from './prepared.ts';

export type { Caller, PreparedOperation };

/** A GraphQL request, as a client sends it (GraphQL over HTTP, "Request Parameters"). */
export interface OperationParameters {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface RunnerOptions {
  readonly api: Pick<GuardedSchema, 'schema' | 'decideOperation'>;
  /** What the text is parsed by. */
  readonly parseOptions: ParseOptions;
  /** Says why a valid operation may not run at all, or `null`. */
  readonly check: (operation: OperationRequest) => ClaimgateError | null;
  /** Beside the rules of GraphQL itself. */
  readonly validationRules: readonly ValidationRule[];
  /** What a caller is told of a refused operation. */
  readonly refusalError: (refusal: Refusal, principal: Principal) => GraphQLError;
}

/** Runs operations for transports that keep a connection: the same steps as over HTTP, in the same order. */
export interface Runner {
  /** Parses, validates and decides an operation, before anything of it runs. */
  prepare(parameters: OperationParameters, caller: Caller): PreparedOperation | readonly GraphQLError[];
  /**
   * Runs a query or mutation; for a subscription each event is executed, and so decided, anew, until the caller's time is up.
   * It never rejects, and neither does what it returns: a fault is a result with errors, after which a subscription ends.
   */
  run(operation: PreparedOperation): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult, undefined>>;
}

export function createRunner({ api, validationRules, parseOptions, check, refusalError }: RunnerOptions): Runner {
  const { schema } = api;
  const runner: Runner = {
    prepare({ query, operationName, variables }, caller) {
      if (caller.fault) return [caller.fault];
      const document = parsed(query, parseOptions);
      if (document instanceof GraphQLError) return [document];
      const faults = validate(schema, document, [...specifiedRules, ...validationRules]);
      if (faults.length > 0) return faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED'));
      const operation = getOperationAST(document, operationName)?.operation;
      if (operation === undefined) return [noOperation(operationName)];
      const contextValue = caller.context();
      const principal = principalOf(contextValue);
      const request = { document, operationName, variables, principal };
      const refusal = check(request);
      if (refusal) return [toGraphQLError(refusal)];
      const verdict = decided(api, request);
      if (verdict instanceof GraphQLError) return [verdict];
      if (verdict.kind === 'refuse') return [refusalError(verdict, principal)];
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const variableValues = variables ?? {};
      return { schema, document, operationName, variableValues, contextValue, operation, caller, ended, end };
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
  return {
    ...runner,
    prepare(parameters, caller) {
      try {
        return runner.prepare(parameters, caller);
      } catch (error) {
        return [faultOf(error)];
      }
    },
  };
}

/** The result of an operation of which nothing runs any more. */
function finished({ end }: PreparedOperation, result: ExecutionResult): ExecutionResult {
  end();
  return result;
}

/** A document that is made to hurt the plan is refused by a limit. */
function decided(api: RunnerOptions['api'], request: OperationRequest): Verdict | GraphQLError {
  try {
    return api.decideOperation(request);
  } catch (error) {
    if (!(error instanceof ClaimgateError)) throw error;
    return toGraphQLError(error);
  }
}

function toGraphQLError({ message, evidence, code }: ClaimgateError): GraphQLError {
  return new GraphQLError(message, { extensions: { ...evidence, code } });
}

function parsed(query: string, options: ParseOptions): DocumentNode | GraphQLError {
  try {
    return parse(query, options);
  } catch (error) {
    return coded(error instanceof GraphQLError ? error : new GraphQLError('Syntax Error'), 'GRAPHQL_PARSE_FAILED');
  }
}

/** Apollo Server's code for a fault, so that a client sees one over every transport. */
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
