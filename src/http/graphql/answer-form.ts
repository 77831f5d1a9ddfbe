import type { FastifyRequest } from 'fastify';
import { getOperationAST, OperationTypeNode, type ParseOptions, parse } from 'graphql';
import { parseAccept } from '../../apollo/accept.ts';
import { parametersOf } from './operation-parameters.ts';

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream';

/** The media types of a single answer (GraphQL over HTTP, "Media Types"). */
const single = ['application/json', 'application/graphql-response+json'];

/**
 * Whether a request is answered by server-sent events rather than by a single answer. A query or mutation has a single answer if the
 * client prefers JSON or accepts both equally. A subscription has no single answer, so it is streamed if the client names the type at all.
 *
 * The range of all types does not ask for a stream: clients that do not know streams send it, and would wait for the end of the stream.
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

/** Whether the operation is a subscription. A malformed request is none, and its fault is a single answer. */
function asksForSubscription(request: FastifyRequest, options: ParseOptions): boolean {
  const parameters = parametersOf(request);
  // The keyword has only this spelling. Without this line the text of every operation would be parsed twice.
  if (typeof parameters === 'string' || !parameters.query.includes('subscription')) return false;
  try {
    const operation = getOperationAST(parse(parameters.query, options), parameters.operationName);
    return operation?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}
