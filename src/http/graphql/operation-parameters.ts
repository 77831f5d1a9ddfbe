import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { OperationParameters } from '../../api/operation.ts';
import type { ErrorCode } from '../../errors.ts';
import { isRecord } from '../../protocol/record.ts';

/**
 * Reads the parameters of a GraphQL request (GraphQL over HTTP, "Request Parameters"; graphql-transport-ws, "Subscribe").
 *
 * @returns a text that says what was expected, where they are not well-formed; it repeats nothing of them
 */
export function readParameters(value: unknown): OperationParameters | string {
  if (Array.isArray(value)) {
    return 'The request is an array, and batches are not answered: send each operation in a request of its own, as a JSON object';
  }
  if (typeof value === 'string') {
    return 'The request is a JSON string: expected a JSON object. It may have been encoded as JSON twice';
  }
  if (!isRecord(value)) return `The request is ${kindOf(value)}: expected a JSON object with the member query`;
  const { query, operationName, variables, extensions } = value;
  if (isAbsent(query)) return missingQuery(value);
  if (typeof query !== 'string') {
    const hint = isRecord(query) && query['kind'] === 'Document' ? '. Send the text of the document, not its tree' : '';
    return `query: expected a string, found ${kindOf(query)}${hint}`;
  }
  if (query.trim() === '') return 'query: expected the text of an operation, found an empty string';
  if (!isAbsent(operationName) && typeof operationName !== 'string') {
    return `operationName: expected a string, found ${kindOf(operationName)}`;
  }
  for (const [name, member] of Object.entries({ variables, extensions })) {
    if (isAbsent(member) || isRecord(member)) continue;
    const hint = typeof member === 'string' ? '. It may have been encoded as JSON twice' : '';
    return `${name}: expected an object, found ${kindOf(member)}${hint}`;
  }
  return { query, operationName, variables: isRecord(variables) ? variables : null };
}

/** The parameters in the query string of a GET, or in the body of a POST, which Fastify has parsed. */
export function parametersOf({ method, url, body }: FastifyRequest): OperationParameters | string {
  if (method !== 'GET') return readParameters(body);
  const search = new URL(url, 'http://localhost').searchParams;
  const given: Record<string, unknown> = { query: search.get('query'), operationName: search.get('operationName') };
  for (const name of ['variables', 'extensions']) {
    try {
      given[name] = JSON.parse(search.get(name) || 'null');
    } catch {
      return `${name}: expected JSON`;
    }
  }
  return readParameters(given);
}

/** The error of a request that is not well-formed. */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' satisfies ErrorCode } });
}

function missingQuery({ extensions, id, documentId }: Record<string, unknown>): string {
  const isPersisted =
    !isAbsent(id) || !isAbsent(documentId) || (isRecord(extensions) && 'persistedQuery' in extensions);
  const hint = isPersisted ? '. Persisted documents are not kept here' : '';
  return `query: expected the text of an operation as a string, found nothing${hint}`;
}

/** What a value is in JSON, with its article. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
