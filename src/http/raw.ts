import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statusOf } from '../errors.ts';
import { charsetFault, codingFault } from './body-coding.ts';
import { type CrossOrigin, exposedHeaders } from './headers/cross-origin.ts';
import { refuse } from './refusal.ts';

/**
 * A part of the server with a handler of plain node:http. The handler reads and answers requests itself. The
 * authorization server and its pages are parts of this kind.
 */
export interface RawMount {
  /** Fastify route patterns. */
  readonly paths: readonly string[];
  /**
   * The paths that pages of allowed origins may call, with the method of each path. Answers at all other paths have no
   * CORS headers, so these pages cannot read them. Default: none.
   */
  readonly crossOrigin?: Readonly<Record<string, 'GET' | 'POST'>>;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

/**
 * The default headers of a handler's answers. The handler may replace them. The library oidc-provider adds the hash of
 * its own script to `script-src`.
 */
const rawHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; script-src 'report-sample'; frame-ancestors 'none'; base-uri 'none'",
  // If the server sets no CORS header, the library lets every origin read its answers.
  'access-control-expose-headers': exposedHeaders,
};

/**
 * Mounts raw handlers. A raw handler reads the body and writes the answer itself.
 *
 * A handler takes this server's own host and scheme from the request headers. `nameOwnHost` sets these headers from the
 * public URL. `mountRaw` puts the caller's address into `X-Forwarded-For`.
 */
export async function mountRaw(app: FastifyInstance, pages: CrossOrigin, mounts: readonly RawMount[]): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    for (const { paths, crossOrigin, handle } of mounts) {
      for (const url of paths) {
        const called = crossOrigin?.[url];
        scope.all(url, async (request, reply) => {
          // The server does not wait for the rest of a body that the handler did not read.
          reply.raw.once('finish', () => request.raw.complete || request.raw.destroy());
          announceEnd(request.raw, reply.raw);
          if (called && answerPage(pages, called, request, reply)) return reply;
          if (refuseCoding(request, reply)) return reply;
          const { raw, ip } = request;
          raw.headers['x-forwarded-for'] = ip;
          // `originalUrl` may still have the host of an absolute request target. Koa would read it.
          Object.assign(raw, { originalUrl: raw.url });
          for (const [name, value] of Object.entries({ ...rawHeaders, ...reply.getHeaders() })) {
            if (value !== undefined) reply.raw.setHeader(name, value);
          }
          reply.raw.setHeader('x-request-id', request.id);
          reply.hijack();
          await handle(raw, reply.raw);
          return reply;
        });
      }
    }
  });
}

/** Adds `Connection: close` when the server answers before it has read the whole body. */
function announceEnd(request: IncomingMessage, response: ServerResponse): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  // Until a request is read, Node marks it as incomplete, even if it has no body.
  if (length === undefined && encoding === undefined) return;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse; // It has several overloads.
  response.writeHead = (...args: unknown[]) => {
    if (!request.complete) {
      response.removeHeader('keep-alive');
      response.setHeader('connection', 'close');
    }
    return writeHead(...args);
  };
}

/**
 * Refuses a body that the handler could not read, with an error of RFC 6749 §5.2.
 *
 * @returns whether the body was refused
 */
function refuseCoding({ headers }: FastifyRequest, reply: FastifyReply): boolean {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return false;
  const coding = codingFault(headers);
  const fault = coding ?? charsetFault(headers['content-type']);
  if (!fault) return false;
  if (coding?.reason === 'mediaType') reply.header('accept-encoding', 'identity'); // RFC 9110 §15.5.16
  reply
    .code(statusOf('BAD_REQUEST', fault.reason))
    .send({ error: 'invalid_request', error_description: fault.message });
  return true;
}

/**
 * Answers a preflight, and refuses a POST by a page whose origin is not allowed. This page could guess secrets from the
 * network addresses of all its visitors.
 *
 * @returns whether the request is answered
 */
function answerPage(pages: CrossOrigin, method: string, request: FastifyRequest, reply: FastifyReply): boolean {
  if (pages.answer(request, reply, method)) return true;
  if (request.method === 'OPTIONS') {
    refuse(reply.header('allow', method), 'BAD_REQUEST', `Only ${method} is answered here`, 'method');
    return true;
  }
  if (request.method !== 'POST' || pages.admits(request)) return false;
  // RFC 6749 §5.2
  const body = { error: 'invalid_request', error_description: 'pages of this origin may not call this' };
  reply.code(400).send(body);
  return true;
}
