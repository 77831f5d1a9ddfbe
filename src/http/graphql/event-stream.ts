import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import type { Runner, StreamSession, StreamSessions } from '../../api/operation/operation.ts';
import { streamHeaders, writeEvents } from './events-writer.ts';
import { parametersOf, refuseParameters } from './operation-parameters.ts';
import { type Place, type Places, refuseFull } from './places.ts';
import { refuse } from '../refusal.ts';
import type { StreamErrors } from './stream-errors.ts';

/** The options of `eventStreamHandler`. */
export interface EventStreamOptions {
  readonly runner: Runner;
  readonly sessions: StreamSessions;
  readonly errors: StreamErrors;
  readonly places: Places;
}

/**
 * Makes the handler of requests for server-sent events (the protocol of graphql-sse, distinct connections mode). Each
 * request has one operation, and its token, if any, in a header. A DPoP proof is refused. If the token expires or is
 * revoked, the last event reports this error. The stream then ends.
 */
export function eventStreamHandler({
  runner,
  sessions,
  errors,
  places,
}: EventStreamOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  async function answer(request: FastifyRequest, reply: FastifyReply, place: Place, session: StreamSession) {
    const parameters = parametersOf(request);
    if (typeof parameters === 'string') return refuseParameters(reply, parameters);
    const prepared = runner.prepare(parameters, session);
    if ('document' in prepared && prepared.operation === OperationTypeNode.MUTATION && request.method === 'GET') {
      return refuse(reply.header('allow', 'POST'), 'BAD_REQUEST', 'Mutations are sent by POST', 'method');
    }
    let results: Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
    if ('document' in prepared) {
      // The operation continues after its client has disconnected.
      place.keep(prepared.ended);
      results = runner.run(prepared);
    } else {
      results = Promise.resolve({ errors: prepared });
    }
    const body = new PassThrough();
    const hangUp = (): void => void reply.raw.destroy();
    writeEvents(results, { body, errors, hangUp }).catch((error: unknown) => {
      request.log.error({ err: error }, 'event stream failed');
      hangUp();
    });
    return reply.code(200).headers(streamHeaders).send(body);
  }

  return async (request, reply) => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const place = places.take(request.ip, closed);
    if (typeof place === 'string') {
      close();
      return refuseFull(reply, place, places.limits);
    }
    const stop = onceGone(request, reply.raw, close);
    try {
      const session = await sessions.open({
        rawHeaders: request.raw.rawHeaders,
        method: request.method,
        address: request.ip,
      });
      void closed.then(() => session.close());
      if (reply.raw.destroyed || request.raw.socket.destroyed) {
        stop();
        return reply.hijack();
      }
      if (session.callerKey !== null && !place.admit(session.callerKey)) {
        return refuseFull(reply, 'caller', places.limits);
      }
      return await answer(request, reply, place, session);
    } catch (error) {
      return refuseWith(error, errors, reply);
    }
  };
}

/**
 * Calls a listener when the response has ended or the caller has disconnected. If earlier requests on the connection
 * are still in progress, Node reports only the end of the connection.
 *
 * @param listener - may be called more than once
 * @returns a function that calls the listener now
 */
function onceGone({ raw: { socket } }: FastifyRequest, response: ServerResponse, listener: () => void): () => void {
  const gone = (): void => {
    response.off('close', gone);
    socket.off('close', gone);
    listener();
  };
  if (response.closed || socket.closed) gone();
  response.once('close', gone);
  socket.once('close', gone);
  return gone;
}

/** Answers a refused credential with the status and the headers of the error, as for a single answer. */
function refuseWith(error: unknown, errors: StreamErrors, reply: FastifyReply): FastifyReply {
  if (!(error instanceof GraphQLError)) throw error;
  const { status = 500, headers = [] } = (error.extensions['http'] ?? {}) as HttpExtensions; // Set by `toGraphQLError`.
  for (const [name, value] of headers) reply.header(name, value);
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ errors: errors.format([error]) }));
}

interface HttpExtensions {
  readonly status?: number;
  readonly headers?: Iterable<readonly [name: string, value: string]>;
}
