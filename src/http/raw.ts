import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statusOf } from '../errors.ts';
import { charsetFault, codingFault } from './body-coding.ts';
import { type CrossOrigin, exposedHeaders } from './headers/cross-origin.ts';
import { refuse } from './refusal.ts';

/** A part of the server that speaks plain node:http: the authorization server and its pages. */
export interface RawMount {
  /** Fastify route patterns. */
  readonly paths: readonly string[];
  /** The methods of those paths that pages of allowed origins may call, by path; no page of another origin calls the rest. */
  readonly crossOrigin?: Readonly<Record<string, 'GET' | 'POST'>>;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

/** What its answers say where they do not say otherwise. The library adds the hash of a script of its own to `script-src`. */
const rawHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; script-src 'report-sample'; frame-ancestors 'none'; base-uri 'none'",
  // Without any header of CORS the library lets every origin read its answers.
  'access-control-expose-headers': exposedHeaders,
};

/**
 * Mounts a raw handler: it reads the body itself and answers itself.
 *
 * It believes what the forwarded headers say of our own address: `nameOwnHost` has overwritten them from the public URL. The
 * caller's own address is put into `X-Forwarded-For`.
 */
export async function mountRaw(app: FastifyInstance, pages: CrossOrigin, mounts: readonly RawMount[]): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    for (const { paths, crossOrigin, handle } of mounts) {
      for (const url of paths) {
        const called = crossOrigin?.[url];
        scope.all(url, async (request, reply) => {
          // What nobody read of a body is not waited for, however long it is.
          reply.raw.once('finish', () => request.raw.complete || request.raw.destroy());
          announceEnd(request.raw, reply.raw);
          if (called && answerPage(pages, called, request, reply)) return reply;
          if (refuseCoding(request, reply)) return reply;
          const { raw, ip } = request;
          raw.headers['x-forwarded-for'] = ip;
          // Whatever host stood in an absolute request target was taken out, but Koa would find it here.
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

/** Says so in an answer that comes before all of its request has been read: nothing more is to be sent on that connection. */
function announceEnd(request: IncomingMessage, response: ServerResponse): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  // What has no body is not read to its end before it is handed over, and is over all the same.
  if (length === undefined && encoding === undefined) return;
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse; // It has several forms.
  response.writeHead = (...given: unknown[]) => {
    if (!request.complete) response.setHeader('connection', 'close');
    return writeHead(...given);
  };
}

/** Refuses a body that the handler could not read, in the form of RFC 6749 §5.2. */
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

/** Answers a preflight, and a page that may not post here: each visitor of it would be one more address to guess from. */
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
