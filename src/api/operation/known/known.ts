import type { DocumentNode } from 'graphql';
import { createExecutor, type ExecutorOptions } from '../../../auth/execute/executor.ts';
import { runChecks } from '../../../request/checks.ts';
import { documentBytes } from '../../../request/document-bytes.ts';
import type { OperationSteps } from '../steps.ts';
import { type AnswerOptions, type AnswerType, createAnswers, type KnownAnswer } from './answer.ts';
import { knownCaches } from './caches.ts';
import { declined, type Declined, knownOperation, type KnownOperation } from './known-operation.ts';
import { createMutationExecutor } from './mutation.ts';
import { createRegistry } from './registry.ts';

/** The options of `createKnownOperations`. */
export interface KnownOptions extends AnswerOptions {
  /** The steps of a single answer. Apollo Server must have the same parser options, rules, checks and schema. */
  readonly steps: OperationSteps;
  /** The bound of the known documents. Default: `knownCaches.knownDocuments`. */
  readonly bound?: { readonly entries: number; readonly bytes: number };
  /** How queries are executed. Default: the defaults of `createExecutor`. */
  readonly executor?: ExecutorOptions | undefined;
}

/**
 * Answers queries and mutations whose documents Apollo Server has already parsed, validated, checked and begun to
 * execute.
 */
export interface KnownOperations {
  /**
   * Makes a document known. Call it when Apollo Server begins to execute a query or a mutation: the document is then
   * valid, and every check has let the operation through.
   *
   * @param text - the exact text of the document
   */
  remember(text: string, document: DocumentNode): void;
  /**
   * Finds an operation by the exact text of its document and its name. It runs nothing and reads no token.
   *
   * @param operationName - as the client sent it. Null and undefined: the only operation of the document. An empty name
   * is the name of no operation
   */
  find(text: string, operationName: string | null | undefined): KnownOperation | Declined;
  /**
   * Runs the checks, decides the operation, and executes it. The answer is what Apollo Server would send.
   *
   * @param variables - as the client sent them
   * @param contextValue - a new object for each request. After an answer, it must not be used again
   * @param type - the media type of the answer
   * @returns `Declined` only if no resolver has run and nothing has been reported. It never throws and never rejects
   */
  run(
    operation: KnownOperation,
    variables: Readonly<Record<string, unknown>> | null | undefined,
    contextValue: object,
    type: AnswerType,
  ): KnownAnswer | Declined | Promise<KnownAnswer>;
  readonly entries: number;
  /** The estimated size of all known documents, in bytes of heap. */
  readonly bytes: number;
}

/** A known document, and its operations that clients have requested. */
interface KnownDocument {
  readonly document: DocumentNode;
  /** The only operation. Null: no client has requested it yet. */
  only: KnownOperation | Declined | null;
  /** The operations that clients requested by name. Null: no client did. */
  named: Map<string, KnownOperation | Declined> | null;
}

/**
 * A request for a known operation. This is a class because V8 can decide to make the objects of a literal among the old
 * objects. Such an object would keep the context of its request, with all that it holds, until a full collection.
 */
class KnownRequest {
  readonly operation: KnownOperation['type'];
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly contextValue: object;
  readonly type: AnswerType;

  constructor(
    { type: operation, document, operationName }: KnownOperation,
    variables: KnownRequest['variables'],
    contextValue: object,
    type: AnswerType,
  ) {
    this.operation = operation;
    this.document = document;
    this.operationName = operationName;
    this.variables = variables;
    this.contextValue = contextValue;
    this.type = type;
  }
}

/** Makes the registry of known documents, and the function that answers their operations. */
export function createKnownOperations(options: KnownOptions): KnownOperations {
  const { steps, challenge, bound = knownCaches.knownDocuments } = options;
  const registry = createRegistry<KnownDocument>(bound);
  const answers = createAnswers(options);
  const executors = {
    query: createExecutor(steps.schema, options.executor),
    mutation: createMutationExecutor(steps.schema),
  };

  return {
    remember(text, document) {
      if (registry.has(text)) return;
      registry.add(text, { document, only: null, named: null }, documentBytes(document, bound.bytes));
    },
    find(text, operationName) {
      const known = registry.find(text);
      if (known === undefined) return declined.unknown;
      const { document } = known;
      if (operationName === null || operationName === undefined) {
        return (known.only ??= knownOperation(document, undefined, steps));
      }
      const before = known.named?.get(operationName);
      if (before !== undefined) return before;
      const operation = knownOperation(document, operationName, steps);
      // Only names of the document are stored.
      if (operation !== declined.operation) (known.named ??= new Map()).set(operationName, operation);
      return operation;
    },
    run(known, variables, contextValue, type) {
      const request = new KnownRequest(known, variables, contextValue, type);
      try {
        runChecks(known.checks, request, contextValue, challenge);
      } catch (error) {
        return answers.ofRefusal(error, request);
      }
      try {
        const result = executors[known.type](request);
        if (result instanceof Promise) {
          return result.then(
            ({ data, errors }) => answers.ofResult(data, errors, request),
            (error: unknown) => answers.ofFailure(error, request),
          );
        }
        if (result.kind === 'result') return answers.ofResult(result.data, result.errors, request);
        return result.reason === 'VARIABLES' ? declined.variables : declined.executor;
      } catch (error) {
        return answers.ofFailure(error, request);
      }
    },
    get entries() {
      return registry.entries;
    },
    get bytes() {
      return registry.bytes;
    },
  };
}
