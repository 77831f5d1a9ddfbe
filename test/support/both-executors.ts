import assert from 'node:assert/strict';
import { type DocumentNode, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { ExecuteQuery } from '../../src/auth/execute/executor.ts';

/** A request that both executors get. Each gets its own root value and context. */
export interface BothRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly rootValue?: () => unknown;
  readonly contextValue: () => unknown;
}

/** What is compared of a result. */
export interface Compared {
  readonly data: string | undefined;
  readonly errors: readonly string[];
}

/** Executes a request with graphql-js. */
export async function byGraphql(schema: GraphQLSchema, request: BothRequest): Promise<Compared> {
  const { document, operationName, variables = {}, rootValue, contextValue } = request;
  const { data, errors = [] } = await execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    rootValue: rootValue?.(),
    contextValue: contextValue(),
  });
  return { data: JSON.stringify(data), errors: errors.map(describe) };
}

/** Executes a request with the executor of the guard. `null`: it does not take the request. */
export async function byExecutor(executeQuery: ExecuteQuery, request: BothRequest): Promise<Compared | null> {
  const { rootValue, contextValue, ...others } = request;
  const result = await executeQuery({ ...others, rootValue: rootValue?.(), contextValue: contextValue() });
  return result.kind === 'result' ? { data: result.data, errors: result.errors.map(describe) } : null;
}

/** Checks that two results are equal. `racing`: the order of the errors is not compared. */
export function assertSame(found: Compared, wanted: Compared, racing = false): void {
  assert.equal(found.data, wanted.data);
  const order = (errors: readonly string[]): readonly string[] => (racing ? errors.toSorted() : errors);
  assert.deepEqual(order(found.errors), order(wanted.errors));
}

function describe(error: GraphQLError): string {
  const { originalError: original, nodes, extensions } = error;
  return JSON.stringify({
    ...error.toJSON(),
    extensions,
    isGraphqlError: error instanceof GraphQLError,
    name: error.name,
    nodes: nodes?.map(({ loc }) => loc && [loc.start, loc.end]),
    original: original && [original.name, original.message, original.constructor.name],
  });
}
