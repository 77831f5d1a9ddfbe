import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** A part of the server that speaks plain node:http: the authorization server and its pages. */
export interface RawMount {
  /** Fastify route patterns. */
  readonly paths: readonly string[];
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

/**
 * Mounts a raw handler: it reads the body itself and answers itself.
 *
 * It believes what the forwarded headers say of our own address, so they are overwritten from the public URL: whatever
 * the caller sends as `Host`, `Forwarded` or `X-Forwarded-*` is gone.
 */
export async function mountRaw(app: FastifyInstance, publicUrl: string, mounts: readonly RawMount[]): Promise<void> {
  const { host, protocol } = new URL(publicUrl);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    for (const { paths, handle } of mounts) {
      for (const url of paths) {
        scope.all(url, async (request, reply) => {
          const { raw } = request;
          for (const name of Object.keys(raw.headers)) {
            if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete raw.headers[name];
          }
          raw.headers.host = host;
          raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
          raw.headers['x-forwarded-for'] = request.ip;
          reply.raw.setHeader('x-request-id', request.id);
          reply.raw.setHeader('x-content-type-options', 'nosniff');
          reply.raw.setHeader('x-frame-options', 'DENY');
          reply.raw.setHeader('referrer-policy', 'same-origin');
          reply.hijack();
          await handle(raw, reply.raw);
        });
      }
    }
  });
}
