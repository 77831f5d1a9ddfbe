import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorKinds } from '../errors.ts';

/** An error before GraphQL, in GraphQL's shape (GraphQL over HTTP §6.4). */
export function refuse(reply: FastifyReply, code: ErrorCode, status: number, message: string): FastifyReply {
  const mediaType = /application\/graphql-response\+json/.test(reply.request.headers.accept ?? '')
    ? 'application/graphql-response+json; charset=utf-8'
    : 'application/json; charset=utf-8';
  return reply
    .code(status)
    .header('content-type', mediaType)
    .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}

/** What Fastify refuses by itself, in our words: its own may quote what was sent. */
const refusals: Readonly<Record<number, string>> = {
  400: 'The body is not well-formed JSON, or not as long as it says',
  405: 'Only GET and POST are answered here',
  413: 'The body is too large',
  415: 'The body is not of a media type that is understood here: expected application/json',
};

/** For Fastify's `setErrorHandler`: refusals keep their status, anything unforeseen is logged and told as a fault of the server. */
export function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  const message = refusals[status];
  if (message) return refuse(reply, 'BAD_REQUEST', status, message);
  if (status < 500) return refuse(reply, 'BAD_REQUEST', status, 'The request was refused');
  request.log.error({ err: error }, 'request failed');
  return refuse(reply, 'INTERNAL_SERVER_ERROR', errorKinds.INTERNAL_SERVER_ERROR.status, 'A fault of the server');
}

function statusOf(error: unknown): number {
  const { statusCode } = typeof error === 'object' && error !== null ? (error as { statusCode?: unknown }) : {};
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}
