import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
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
import type { GuardedSchema, OperationRequest } from '../auth/schema.ts';
import type { Refusal, Verdict } from '../auth/verdict.ts';
import { ClaimgateError, type ErrorCode } from '../errors.ts';
import { type Principal, principalOf } from '../principal.ts';

/** A GraphQL request, as a client sends it (GraphQL over HTTP, "Request Parameters"). */
export interface OperationParameters {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Who is calling, for as long as a connection lasts. */
export interface Caller {
  /** A new context for an operation or an event, with whoever the connection stands for at the moment. */
  context(): object;
  /** Why the connection may get no more, once that is so. */
  readonly fault: GraphQLError | null;
  /** @returns a function that stops listening */
  onEnd(listener: (fault: GraphQLError) => void): () => void;
}

/** An operation that may run. */
export interface PreparedOperation extends ExecutionArgs {
  readonly operation: OperationTypeNode;
  readonly caller: Caller;
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
  /** Runs a query or mutation; for a subscription each event is executed, and so decided, anew, until the caller's time is up. */
  run(operation: PreparedOperation): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult, undefined>>;
}

export function createRunner({ api, validationRules, parseOptions, check, refusalError }: RunnerOptions): Runner {
  const { schema } = api;
  return {
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
      return { schema, document, operationName, variableValues: variables ?? {}, contextValue, operation, caller };
    },
    async run(operation) {
      if (operation.caller.fault) return { errors: [operation.caller.fault] };
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return execute(operation);
      const source = await createSourceEventStream(operation);
      return Symbol.asyncIterator in source ? eventsOf(source, operation) : source;
    },
  };
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

/**
 * The results of a subscription. No generator: one that waits for the next event could not be ended from outside, and the
 * end of a token does not wait for events.
 */
function eventsOf(
  source: AsyncIterable<unknown>,
  { caller, ...args }: PreparedOperation,
): AsyncIterableIterator<ExecutionResult, undefined> {
  const events = source[Symbol.asyncIterator]();
  let done = false;
  let release = (): void => {};
  const finish = async (): Promise<void> => {
    done = true;
    release(); // Whoever waits for the next event waits in vain.
    // Not awaited: an author's generator that waits for its next event would not return before that.
    Promise.resolve(events.return?.()).catch(() => {});
  };

  async function next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (done) return { done: true, value: undefined };
    const event = caller.fault ?? (await soonest(events, caller, (give) => (release = give)));
    if (event instanceof GraphQLError) {
      await finish();
      return { done: false, value: { errors: [event] } };
    }
    if (event.done) {
      done = true;
      return { done: true, value: undefined };
    }
    return { done: false, value: await execute({ ...args, rootValue: event.value, contextValue: caller.context() }) };
  }

  return {
    next,
    async return() {
      await finish();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await finish();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * The next event, or why there will be none, whichever comes first; nothing is left listening.
 *
 * @param releasable - is told what gives up waiting, as if the events had come to their end
 */
async function soonest(
  events: AsyncIterator<unknown>,
  caller: Caller,
  releasable: (release: () => void) => void,
): Promise<IteratorResult<unknown> | GraphQLError> {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<unknown> | GraphQLError>();
  const stop = caller.onEnd(resolve);
  releasable(() => resolve({ done: true, value: undefined }));
  events.next().then(resolve, (error: unknown) => {
    const code = 'INTERNAL_SERVER_ERROR' satisfies ErrorCode;
    reject(error instanceof GraphQLError ? error : new GraphQLError('Internal server error', { extensions: { code } }));
  });
  try {
    return await promise;
  } finally {
    stop();
  }
}
