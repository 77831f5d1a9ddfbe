import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorKinds } from '../errors.ts';
import { prefersGraphqlResponse } from '../apollo/accept.ts';

/** An error before GraphQL, in GraphQL's shape (GraphQL over HTTP §6.4). */
export function refuse(reply: FastifyReply, code: ErrorCode, status: number, message: string): FastifyReply {
  const mediaType = prefersGraphqlResponse(reply.request.headers.accept)
    ? 'application/graphql-response+json; charset=utf-8'
    : 'application/json; charset=utf-8';
  return reply
    .code(status)
    .header('content-type', mediaType)
    .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}

/** A request that is refused before GraphQL. Its message is meant to be read by the sender, and repeats nothing of the body. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** What Fastify refuses by itself, in our words: its own may quote what was sent. */
const refusals: Readonly<Record<number, (request: FastifyRequest) => string>> = {
  400: () => 'The body is not as long as its Content-Length says, or the request is malformed',
  405: () => 'Only GET and POST are answered here',
  413: ({ routeOptions: { bodyLimit } }) =>
    `The body is too large: it may have up to ${bodyLimit} bytes (CLAIMGATE_MAX_BODY_BYTES)`,
  415: ({ headers }) => mediaTypeFault(headers['content-type']),
};

/** For Fastify's `setErrorHandler`: refusals keep their status, anything unforeseen is logged and told as a fault of the server. */
export function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  const message = error instanceof Refused ? error.message : refusals[status]?.(request);
  if (message) return refuse(reply, 'BAD_REQUEST', status, message);
  if (status < 500) return refuse(reply, 'BAD_REQUEST', status, 'The request was refused');
  request.log.error({ err: error }, 'request failed');
  return refuse(reply, 'INTERNAL_SERVER_ERROR', errorKinds.INTERNAL_SERVER_ERROR.status, 'A fault of the server');
}

/** What to do instead, by the media type that was sent. A type that is not listed is not repeated. */
const mediaTypes: Readonly<Record<string, string>> = {
  'text/plain': 'send the same body as application/json',
  'application/graphql': 'send the text as the member query of a JSON object, as application/json',
  'application/graphql+json': 'send the same body as application/json',
  'application/graphql-response+json': 'that is a type of answers, send the body as application/json',
  'application/x-www-form-urlencoded': 'send a JSON object, as application/json',
  'multipart/form-data': 'files are not taken, send a JSON object, as application/json',
};

function mediaTypeFault(contentType: string | undefined): string {
  if (contentType === undefined || contentType.trim() === '') {
    return 'The Content-Type header is missing: expected application/json';
  }
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const advice = Object.hasOwn(mediaTypes, type) ? mediaTypes[type] : undefined;
  if (advice === undefined) return 'The body is of a media type that is not read here: expected application/json';
  return `The body is of the media type ${type}: ${advice}`;
}

function statusOf(error: unknown): number {
  const { statusCode } = typeof error === 'object' && error !== null ? (error as { statusCode?: unknown }) : {};
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}
