import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { createHandler, type RequestParams } from 'graphql-sse';
import type { Runner, Session, Sessions } from '../api/operation.ts';
import type { ErrorCode } from '../errors.ts';
import type { StreamErrors } from './stream-errors.ts';

export interface EventStreamOptions {
  readonly runner: Runner;
  readonly sessions: Sessions;
  readonly errors: StreamErrors;
}

const mediaType = 'text/event-stream';

/** Whether a request asks for server-sent events. */
export function asksForEvents({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === mediaType);
}

/**
 * Makes the handler of requests for server-sent events (graphql-sse, distinct connections): one operation to a request, and
 * the token in its header. Once the token has expired or was revoked, the last event says so and the stream ends.
 */
export function eventStreamHandler({
  runner,
  sessions,
  errors,
}: EventStreamOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const handler = createHandler<FastifyRequest, Session>({
    // A stream is never shared between requests.
    authenticate: () => null,
    onSubscribe: async (request, parameters) => begin(request.raw, request.context, parameters),
    // Nothing comes in patches here, and what is sent is no result any more.
    onNext: async (_context, { raw }, result) => {
      await writable(responses.get(raw));
      return errors.result(result as ExecutionResult) as ExecutionResult;
    },
  });

  const responses = new WeakMap<FastifyRequest, ServerResponse>();

  async function begin({ method }: FastifyRequest, session: Session, parameters: RequestParams) {
    const { query, operationName, variables } = parameters;
    const prepared = runner.prepare({ query, operationName, variables }, session);
    if (!('document' in prepared)) return once({ errors: prepared });
    if (prepared.operation !== OperationTypeNode.MUTATION || method !== 'GET') return runner.run(prepared);
    const body = JSON.stringify({
      errors: [{ message: 'Mutations are sent by POST', extensions: { code: badRequest } }],
    });
    return [body, { status: 405, statusText: 'Method Not Allowed', headers: { ...json, allow: 'POST' } }] as const;
  }

  return async (request, reply) => {
    try {
      const { rawHeaders } = request.raw;
      const session = await sessions.open({ rawHeaders, method: request.method, address: request.ip });
      // Of requests that wait behind others on one connection only the connection's end may be heard.
      const { socket } = request.raw;
      const gone = () => {
        reply.raw.off('close', gone);
        socket.off('close', gone);
        session.close();
      };
      reply.raw.once('close', gone);
      socket.once('close', gone);
      if (reply.raw.destroyed || socket.destroyed) {
        gone();
        return reply.hijack();
      }
      responses.set(request, reply.raw);
      const [body, { status, headers = {} }] = await handler({
        method: request.method,
        url: request.url,
        headers: { get: (name) => (name === 'accept' ? mediaType : String(request.headers[name] ?? '')) },
        body: request.body as Record<string, unknown>, // Fastify has parsed it, or refused the request.
        raw: request,
        context: session,
      });
      reply.code(status).header('content-type', headers['content-type'] ?? json['content-type']);
      if (headers.allow !== undefined) reply.header('allow', headers.allow);
      return await reply.send(typeof body === 'string' || !body ? (body ?? '') : Readable.from(body));
    } catch (error) {
      return refuseWith(error, errors, reply);
    }
  };
}

/** Waits for a reader who is slower than the events: the library would keep all of them in the meantime. */
async function writable(response: ServerResponse | undefined): Promise<void> {
  if (!response?.writableNeedDrain || response.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once('drain', resolve).once('close', resolve);
  await promise;
  response.off('drain', resolve).off('close', resolve);
}

/** To the library a result without data is none; as the one event of a stream it is. */
async function* once(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}

const badRequest = 'BAD_REQUEST' satisfies ErrorCode;
const json = { 'content-type': 'application/json; charset=utf-8' };

/** A bad credential, answered as over HTTP: with the status and the headers that the error brings. */
function refuseWith(error: unknown, errors: StreamErrors, reply: FastifyReply): FastifyReply {
  if (!(error instanceof GraphQLError)) throw error;
  const { status = 500, headers = [] } = (error.extensions['http'] ?? {}) as HttpExtensions; // Set by `toGraphQLError`.
  for (const [name, value] of headers) reply.header(name, value);
  return reply
    .code(status)
    .headers(json)
    .send(JSON.stringify({ errors: errors.format([error]) }));
}

interface HttpExtensions {
  readonly status?: number;
  readonly headers?: Iterable<readonly [name: string, value: string]>;
}
