import type { FastifyRequest } from 'fastify';
import { getOperationAST, OperationTypeNode, type ParseOptions, parse } from 'graphql';
import { parseAccept } from '../../request/accept.ts';
import { parametersOf } from './operation-parameters.ts';

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream';

/** The media types of a single answer (GraphQL over HTTP, "Media Types"). */
const single = ['application/json', 'application/graphql-response+json'];

/**
 * Whether the server answers a request with server-sent events. All other requests have a single answer. A query or
 * mutation has a single answer if the client prefers JSON or accepts both equally. A subscription is streamed if
 * `Accept` has `text/event-stream` or `text/*`.
 *
 * The range of all types (asterisk, slash, asterisk) does not select a stream. Clients without support for streams send
 * this range. They would wait for the end of the stream.
 *
 * @param options - the options for parsing the operation
 */
export function asksForEvents(request: FastifyRequest, options: ParseOptions): boolean {
  const accepted = parseAccept(request.headers.accept);
  const events = accepted.of(eventStream);
  if (!events || events.quality === 0 || events.specificity === 0) return false;
  const json = Math.max(...single.map((type) => accepted.of(type)?.quality ?? 0));
  return json < events.quality || asksForSubscription(request, options);
}

/**
 * Whether the operation is a subscription. Returns false for a malformed request. Its fault is reported in a single
 * answer.
 */
function asksForSubscription(request: FastifyRequest, options: ParseOptions): boolean {
  const parameters = parametersOf(request);
  // The text of a subscription always has this keyword. The server parses other texts only once.
  if (typeof parameters === 'string' || !parameters.query.includes('subscription')) return false;
  try {
    const operation = getOperationAST(parse(parameters.query, options), parameters.operationName);
    return operation?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}
