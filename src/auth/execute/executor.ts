import { type DocumentNode, getOperationAST, type GraphQLError, type GraphQLSchema } from 'graphql';
import { authCaches, type CacheBound } from '../caches.ts';
import type { Variables } from '../plan/conditions.ts';
import { fragmentsOf } from '../plan/fragments.ts';
import { type CompileOptions, Compiler, HotSelection } from './compile/hot-selection.ts';
import { executeFields } from './execute-fields.ts';
import { createPreparer, type Unprepared } from './prepare/prepare.ts';
import type { QueryPlan, SelectionPlan } from './prepare/query-plan.ts';
import { type CoercedVariables, Run } from './run.ts';
import type { Group } from './promises/unsettled.ts';

/** A query of a parsed and valid document, and its caller. */
export interface QueryRequest {
  /** Use one object for all requests with the same document, because prepared queries are stored by its operations. */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** The values of the variables as the client sent them. Default: no variables. */
  readonly variables?: Variables | null | undefined;
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

/** The memory of an executor. */
export interface ExecutorOptions extends CompileOptions {
  /** The bound of the prepared queries. Default: `authCaches.preparedQueries`. */
  readonly bound?: CacheBound | undefined;
}

/**
 * Makes the executor of a guarded schema. The schema has its guard. A field that the guard would allow runs without the
 * guard; each other field runs with it.
 */
export function createExecutor(
  schema: GraphQLSchema,
  { bound = authCaches.preparedQueries, ...options }: ExecutorOptions = {},
): ExecuteQuery {
  const compiler = new Compiler(options);
  const prepared = createPreparer(schema, bound, () => new HotSelection(compiler));
  return ({ document, operationName, variables, rootValue, contextValue }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return other('NO_OPERATION');
    const fragments = fragmentsOf(document);
    const plan = prepared.planOf(operation, fragments);
    if (plan === null) return other('NO_OPERATION');
    if (plan.kind === 'other') return plan;
    const given = variables ?? none;
    if (typeof given !== 'object') return other('VARIABLES');
    let coerced: CoercedVariables | null = null;
    if (plan.coerceVariables !== null) {
      coerced = plan.coerceVariables(given);
      if (coerced === null) return other('VARIABLES');
    }
    const root = rootOf(plan, coerced ?? none);
    if (typeof root === 'string') return other(root);
    const run = new Run(schema, operation, fragments, rootValue, contextValue, coerced);
    let data: string | Group;
    try {
      data = executeFields(run, root, rootValue, undefined);
    } catch (error) {
      return failed(run, error);
    }
    return typeof data === 'string' ? resultOf(run, data) : resultOfGroup(run, data);
  };
}

const none: Variables = Object.freeze({});

function other(reason: Unexecuted): OtherExecutor {
  return { kind: 'other', reason };
}

/** Returns the root of a query for its variables, or why the query is not executed. */
function rootOf(plan: QueryPlan, variables: Variables): SelectionPlan | Unprepared {
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

function resultOf(run: Run, data: string): QueryResult {
  return { kind: 'result', data: run.complete(data), errors: run.errors };
}

function resultOfGroup(run: Run, data: Group): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const arrived = (text: string): void => {
      try {
        resolve(resultOf(run, text));
      } catch (error) {
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a `toJSON` can throw any value
        reject(error);
      }
    };
    data.deliverTo({ arrived, failed: (error) => resolve(failed(run, error)) }, 1);
  });
}

/** Makes the result without data. `executeFields` only throws errors with a location in the document. */
function failed(run: Run, error: unknown): QueryResult {
  run.addError(error as GraphQLError, undefined);
  return { kind: 'result', data: 'null', errors: run.errors };
}
