import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorKinds, type StatusReason, statusOf } from '../errors.ts';
import { prefersGraphqlResponse } from '../request/accept.ts';

/**
 * Answers a request with an error before GraphQL runs. The body has the form of a GraphQL error (GraphQL over HTTP
 * §6.4).
 *
 * @param reason - selects a status other than the usual status of the code. The reason is not sent
 */
export function refuse<Code extends ErrorCode>(
  reply: FastifyReply,
  code: Code,
  message: string,
  reason?: StatusReason<Code>,
): FastifyReply {
  return answer(reply, code, statusOf(code, reason), message);
}

function answer(reply: FastifyReply, code: ErrorCode, status: number, message: string): FastifyReply {
  const mediaType = prefersGraphqlResponse(reply.request.headers.accept)
    ? 'application/graphql-response+json; charset=utf-8'
    : 'application/json; charset=utf-8';
  return reply
    .code(status)
    .header('content-type', mediaType)
    .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}

/** The reason why a request is refused as `BAD_REQUEST` with a status other than 400. */
export type BadRequestReason = StatusReason<'BAD_REQUEST'>;

/** A request that is refused as `BAD_REQUEST`. The caller reads the message, which repeats nothing of the body. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly statusCode: number;

  /** @param reason - selects a status other than 400 */
  constructor(message: string, reason?: BadRequestReason) {
    super(message);
    this.statusCode = statusOf('BAD_REQUEST', reason);
  }
}

/** The messages for requests that Fastify itself refuses. Fastify's own messages may quote the request. */
const refusals: Readonly<Record<number, (request: FastifyRequest) => string>> = {
  [statusOf('BAD_REQUEST')]: () => 'The body is not as long as its Content-Length says, or the request is malformed',
  [statusOf('BAD_REQUEST', 'method')]: () => 'Only GET and POST are answered here',
  [statusOf('BAD_REQUEST', 'bodySize')]: ({ routeOptions: { bodyLimit } }) =>
    `The body is too large: it may have up to ${bodyLimit} bytes (CLAIMGATE_MAX_BODY_BYTES)`,
  [statusOf('BAD_REQUEST', 'mediaType')]: ({ headers }) => mediaTypeFault(headers['content-type']),
};

/**
 * The handler for Fastify's `setErrorHandler`. A refusal keeps its status. Any other error is logged and answered as a
 * fault of the server.
 */
export function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusIn(error);
  const message = error instanceof Refused ? error.message : refusals[status]?.(request);
  if (message) return answer(reply, 'BAD_REQUEST', status, message);
  if (status < errorKinds.INTERNAL_SERVER_ERROR.status) {
    return answer(reply, 'BAD_REQUEST', status, 'The request was refused');
  }
  request.log.error({ err: error }, 'request failed');
  return refuse(reply, 'INTERNAL_SERVER_ERROR', 'A fault of the server');
}

/** The advice for each media type that callers often send by mistake. A message repeats only types of this list. */
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

/** Returns the status of an error of Fastify. Returns 500 if the error has no status. */
function statusIn(error: unknown): number {
  const { statusCode } = typeof error === 'object' && error !== null ? (error as { statusCode?: unknown }) : {};
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}
