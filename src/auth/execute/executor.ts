import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { authCaches, type CacheBound } from '../caches.ts';
import { fragmentsOf } from '../plan/fragments.ts';
import { type Completed, isPending, textOf } from './completed.ts';
import { executeFields } from './execute-fields.ts';
import { createPreparer, type Unprepared } from './prepare/prepare.ts';
import type { QueryPlan, SelectionPlan } from './prepare/query-plan.ts';
import { Run } from './run.ts';

/** A query of a parsed and valid document, and its caller. */
export interface QueryRequest {
  /** Use one object for all requests with the same document, because prepared queries are stored by its operations. */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** The values of the variables as the client sent them. Default: no variables. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly rootValue?: unknown;
  readonly contextValue?: unknown;
}

/** Why an operation was not executed. Nothing has run. `VARIABLES`: the variables cannot be coerced. */
export type Unexecuted = Unprepared | 'VARIABLES';

/** The result of a query. */
export interface QueryResult {
  readonly kind: 'result';
  /** The JSON text of `data`. */
  readonly data: string;
  /** The errors in the order of graphql-js. Empty: there is no error. */
  readonly errors: readonly GraphQLError[];
}

/** An operation that graphql-js must execute. */
export interface OtherExecutor {
  readonly kind: 'other';
  readonly reason: Unexecuted;
}

/**
 * Executes a query of a guarded schema. The result is what `execute` of graphql-js returns for the same request, with
 * `data` as `JSON.stringify` writes it.
 *
 * It does not check that the document is valid. It does not bound the depth of the variables, like graphql-js.
 *
 * @returns the result, or its promise; or why graphql-js must execute the operation. Nothing has run then, except the
 * coercion of variables
 * @throws the error of `JSON.stringify` if the data cannot be written. A promise rejects with it
 */
export type ExecuteQuery = (request: QueryRequest) => OtherExecutor | QueryResult | Promise<QueryResult>;

/**
 * Makes the executor of a guarded schema. The schema has its guard. A field that the guard would allow runs without the
 * guard; each other field runs with it.
 */
export function createExecutor(schema: GraphQLSchema, bound: CacheBound = authCaches.preparedQueries): ExecuteQuery {
  const prepare = createPreparer(schema, bound);
  return ({ document, operationName, variables, rootValue, contextValue }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return other('NO_OPERATION');
    const fragments = fragmentsOf(document);
    const prepared = prepare(operation, fragments);
    if (prepared.kind === 'other') return prepared;
    const variableValues = coerce(schema, operation, variables ?? {});
    if (variableValues === null) return other('VARIABLES');
    const root = rootOf(prepared.plan, variableValues);
    if (typeof root === 'string') return other(root);
    const run = new Run(schema, operation, fragments, rootValue, contextValue, variableValues);
    let completed: Completed;
    try {
      completed = executeFields(run, root, rootValue, undefined);
    } catch (error) {
      return failed(run, error);
    }
    if (!isPending(completed)) return resultOf(run, completed);
    return Promise.resolve(completed).then(
      (data) => resultOf(run, data as Completed),
      (error: unknown) => failed(run, error),
    );
  };
}

function other(reason: Unexecuted): OtherExecutor {
  return { kind: 'other', reason };
}

function coerce(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  if (typeof sent !== 'object') return null;
  if (variableDefinitions.length === 0) return {};
  return getVariableValues(schema, variableDefinitions, sent, { maxErrors: 1 }).coerced ?? null;
}

/** Returns the root of a query for its variables, or why the query is not executed. */
function rootOf(plan: QueryPlan, variables: Readonly<Record<string, unknown>>): SelectionPlan | Unprepared {
  const values: Record<string, boolean> = {};
  for (const name of plan.conditions) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (typeof value !== 'boolean') return 'CONDITION'; // graphql-js makes the error.
    values[name] = value;
  }
  try {
    return plan.rootFor(values);
  } catch {
    return 'TOO_DEEP'; // The stack is exhausted.
  }
}

function resultOf(run: Run, data: Completed): QueryResult {
  return { kind: 'result', data: run.complete(textOf(data)), errors: run.errors };
}

/** Makes the result without data. `executeFields` only throws errors that have a place in the document. */
function failed(run: Run, error: unknown): QueryResult {
  run.addError(error as GraphQLError, undefined);
  return { kind: 'result', data: 'null', errors: run.errors };
}
