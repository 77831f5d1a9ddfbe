import { kindOf } from '../../protocol/shown.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { OperationParameters } from '../../api/operation/operation.ts';
import { prefersGraphqlResponse } from '../../request/accept.ts';
import type { ErrorCode } from '../../errors.ts';
import { isRecord } from '../../protocol/record.ts';
import { refuse } from '../refusal.ts';

/**
 * Reads the parameters of a GraphQL request (GraphQL over HTTP, "Request Parameters"; graphql-transport-ws,
 * "Subscribe").
 *
 * @returns the parameters, or a message if they are malformed. The message repeats nothing of the request
 */
export function readParameters(value: unknown): OperationParameters | string {
  if (Array.isArray(value)) {
    return 'The request is an array, and batches are not answered: send each operation in a request of its own, as a JSON object';
  }
  if (typeof value === 'string') {
    return 'The request is a JSON string: expected a JSON object. It may have been encoded as JSON twice';
  }
  if (!isRecord(value)) return `The request is ${kindOf(value ?? null)}: expected a JSON object with the member query`;
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
    return `${name}: expected an object, found ${kindOf(member)}${memberHint(member)}`;
  }
  // GraphQL over HTTP, "GET": an empty name is equivalent to an absent name.
  return { query, operationName: operationName || null, variables: isRecord(variables) ? variables : null };
}

/** Removes an empty `operationName`. Apollo Server would read it as the name of an operation. */
export function withoutEmptyName(value: unknown): unknown {
  if (!isRecord(value) || value['operationName'] !== '') return value;
  const { operationName: _, ...rest } = value;
  return rest;
}

/**
 * Removes empty parameters from a query string. An empty parameter is equivalent to an absent parameter. Apollo Server
 * would read an empty parameter as a name or as JSON.
 */
export function withoutEmptyParameters(search: string): string {
  const parameters = search.split('&');
  return parameters.filter((parameter) => !/^(operationName|variables|extensions)=?$/.test(parameter)).join('&');
}

/**
 * Answers a request whose parameters are malformed. A persisted query in `application/json` is answered with status
 * 200, like other faults of the document (`statusPlugin`). Clients may read any other status as a fault of a proxy.
 */
export function refuseParameters(reply: FastifyReply, fault: string): FastifyReply {
  if (fault !== persistedQuery) return refuse(reply, 'BAD_REQUEST', fault);
  const isJson = !prefersGraphqlResponse(reply.request.headers.accept);
  return refuse(reply, 'PERSISTED_QUERY_NOT_SUPPORTED', fault, isJson ? 'asJson' : undefined);
}

/** Returns the error code of a message of `readParameters`. */
function faultCode(fault: string): ErrorCode {
  return fault === persistedQuery ? 'PERSISTED_QUERY_NOT_SUPPORTED' : 'BAD_REQUEST';
}

/**
 * The message for a request that has the hash of a document but not its text. The protocol of automatic persisted
 * queries prescribes this message. The client then sends the text.
 */
const persistedQuery = 'PersistedQueryNotSupported';

/** Reads the parameters from the query string of a GET, or from the parsed body of a POST. */
export function parametersOf({ method, url, body }: FastifyRequest): OperationParameters | string {
  if (method !== 'GET') return readParameters(body);
  const search = new URL(url, 'http://localhost').searchParams;
  const parameters: Record<string, unknown> = {
    query: search.get('query'),
    operationName: search.get('operationName'),
  };
  for (const name of ['variables', 'extensions']) {
    const text = search.get(name) ?? '';
    try {
      parameters[name] = JSON.parse(text || 'null');
    } catch {
      return `${name}: expected JSON${encodingHint(text)}`;
    }
  }
  if (encodingHint(search.get('query') ?? '') !== '') return `query: expected the text of an operation${encodedTwice}`;
  return readParameters(parameters);
}

/** Makes the error of a malformed request. */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: faultCode(message) } });
}

function missingQuery({ extensions, id, documentId }: Record<string, unknown>): string {
  if (isRecord(extensions) && 'persistedQuery' in extensions) return persistedQuery;
  const isPersisted = !isAbsent(id) || !isAbsent(documentId);
  const hint = isPersisted ? '. Persisted documents are not kept here' : '';
  return `query: expected the text of an operation as a string, found nothing${hint}`;
}

const encodedTwice = '. It may have been percent-encoded twice';

/**
 * Returns advice if a parameter is still percent-encoded, otherwise ''. The pattern matches no valid JSON and no valid
 * operation.
 */
function encodingHint(text: string): string {
  return /^\s*%(25)*(7B|5B|22|20|0A|0D|09|71|6D|73)/i.test(text) ? encodedTwice : '';
}

/** Returns advice for `variables` or `extensions` of a wrong type. */
function memberHint(member: unknown): string {
  if (member === '') return '. Leave it out, or send {}';
  if (Array.isArray(member) && member.length === 0)
    return '. Leave it out, or send {}: PHP writes an empty array as []';
  return typeof member === 'string' ? '. It may have been encoded as JSON twice' : '';
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
