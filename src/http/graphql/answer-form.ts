import type { FastifyRequest } from 'fastify';
import { getOperationAST, OperationTypeNode, type ParseOptions, parse } from 'graphql';
import { parseAccept } from '../../apollo/accept.ts';
import { parametersOf } from './operation-parameters.ts';

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream';

/** The media types of a single answer (GraphQL over HTTP, "Media Types"). */
const single = ['application/json', 'application/graphql-response+json'];

/**
 * Whether a request is answered by server-sent events, where the other form is a single answer. A query or mutation has a single
 * answer where JSON is accepted at least as much. A subscription has no single answer, so it is streamed wherever its sender named
 * the type at all.
 *
 * The range of all types alone does not ask for a stream: clients send it that know nothing of streams, and would wait for the end
 * of one.
 *
 * @param options what the text of the operation is parsed by
 */
export function asksForEvents(request: FastifyRequest, options: ParseOptions): boolean {
  const accepted = parseAccept(request.headers.accept);
  const events = accepted.of(eventStream);
  if (!events || events.quality === 0 || events.specificity === 0) return false;
  const json = Math.max(...single.map((type) => accepted.of(type)?.quality ?? 0));
  return json < events.quality || asksForSubscription(request, options);
}

/** What is malformed asks for none: the reason is then a single answer. */
function asksForSubscription(request: FastifyRequest, options: ParseOptions): boolean {
  const parameters = parametersOf(request);
  // The keyword cannot be written in another way, so that the text of other operations is not parsed twice.
  if (typeof parameters === 'string' || !parameters.query.includes('subscription')) return false;
  try {
    const operation = getOperationAST(parse(parameters.query, options), parameters.operationName);
    return operation?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}
