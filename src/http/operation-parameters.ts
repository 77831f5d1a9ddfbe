import { GraphQLError } from 'graphql';
import type { OperationParameters } from '../api/operation.ts';
import type { ErrorCode } from '../errors.ts';

/**
 * Reads the parameters of a GraphQL request (GraphQL over HTTP, "Request Parameters"; graphql-transport-ws, "Subscribe").
 *
 * @returns a text that says what was expected, where they are not well-formed; it repeats nothing of them
 */
export function readParameters(value: unknown): OperationParameters | string {
  if (!isObject(value)) return 'The request is not a JSON object';
  const { query, operationName, variables, extensions } = value;
  if (typeof query !== 'string') return 'query: expected a string';
  if (!isAbsent(operationName) && typeof operationName !== 'string') return 'operationName: expected a string';
  if (!isAbsent(variables) && !isObject(variables)) return 'variables: expected an object';
  if (!isAbsent(extensions) && !isObject(extensions)) return 'extensions: expected an object';
  return { query, operationName, variables };
}

/** The error of a request that is not well-formed. */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' satisfies ErrorCode } });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
