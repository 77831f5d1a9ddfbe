import assert from 'node:assert/strict';
import { type DocumentNode, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { ExecuteQuery } from '../../src/auth/execute/executor.ts';
import { assertSameErrors, type ErrorAt } from './same-errors.ts';

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
  readonly paths: readonly GraphQLError['path'][];
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
  return { data: JSON.stringify(data), ...describeAll(errors) };
}

/** Executes a request with the executor of the guard. `null`: it does not take the request. */
export async function byExecutor(executeQuery: ExecuteQuery, request: BothRequest): Promise<Compared | null> {
  const { rootValue, contextValue, ...others } = request;
  const result = await executeQuery({ ...others, rootValue: rootValue?.(), contextValue: contextValue() });
  return result.kind === 'result' ? { data: result.data, ...describeAll(result.errors) } : null;
}

/**
 * Checks that two results are equal. `racing`: the order of the errors is not compared, and neither is which of several
 * errors drops a branch.
 *
 * @returns whether they are equal without `racing`
 */
export function assertSame(found: Compared, wanted: Compared, racing = false): boolean {
  assert.equal(found.data, wanted.data);
  try {
    assert.deepEqual(found.errors, wanted.errors);
    return true;
  } catch (error) {
    if (!racing) throw error;
    assertSameErrors(JSON.parse(found.data ?? 'null'), errorsAt(found), errorsAt(wanted));
    return false;
  }
}

function errorsAt({ errors, paths }: Compared): readonly ErrorAt[] {
  return errors.map((text, at) => ({ text, path: paths[at] }));
}

function describeAll(errors: readonly GraphQLError[]): Pick<Compared, 'errors' | 'paths'> {
  return { errors: errors.map(describe), paths: errors.map(({ path }) => path) };
}

/** @param error - a resolver can make graphql-js report another object than a GraphQLError */
function describe(error: GraphQLError): string {
  const { originalError: original, nodes, extensions } = error;
  return JSON.stringify({
    ...(error instanceof GraphQLError ? error.toJSON() : { message: (error as Error).message }),
    extensions,
    isGraphqlError: error instanceof GraphQLError,
    name: error.name,
    nodes: nodes?.map(({ loc }) => loc && [loc.start, loc.end]),
    original: original && [original.name, original.message, original.constructor.name],
  });
}
