import { execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { ExecuteQuery, QueryResult } from '../../../auth/execute/executor.ts';
import { isPromiseLike } from '../../../auth/maybe-promise.ts';

/**
 * Makes the function that executes mutations with graphql-js, as Apollo Server does. graphql-js runs the root fields of a
 * mutation one after another.
 */
export function createMutationExecutor(schema: GraphQLSchema): ExecuteQuery {
  return ({ document, operationName, variables, rootValue, contextValue }) => {
    const result: ExecutionResult | PromiseLike<ExecutionResult> = execute({
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: variables ?? null,
      rootValue,
      contextValue,
    });
    // The promise can be of another library, because graphql-js calls the `then` of the promises of resolvers.
    if (isPromiseLike(result)) return Promise.resolve(result).then(resultOf);
    // graphql-js has not begun to execute if there is no data. Apollo Server makes the answer then.
    return 'data' in result ? resultOf(result) : { kind: 'other', reason: 'VARIABLES' };
  };
}

const beforeData = '{"data":';

/** @throws the error of `JSON.stringify`, or an Error if an object of the data has a `toJSON` that gives no value */
function resultOf({ data, errors = [] }: ExecutionResult): QueryResult {
  const text = JSON.stringify({ data });
  if (!text.startsWith(beforeData)) throw new Error('The data of a mutation cannot be written as JSON.');
  return { kind: 'result', data: text.slice(beforeData.length, -1), errors };
}
