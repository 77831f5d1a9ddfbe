import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** A part of the server that speaks plain node:http: the authorization server and its pages. */
export interface RawMount {
  /** Fastify route patterns. */
  readonly paths: readonly string[];
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

/** What its answers say where they do not say otherwise. The library adds the hash of a script of its own to `script-src`. */
const rawHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; script-src 'report-sample'; frame-ancestors 'none'; base-uri 'none'",
};

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
          // Whatever host stood in an absolute request target was taken out, but Koa would find it here.
          Object.assign(raw, { originalUrl: raw.url });
          for (const [name, value] of Object.entries(rawHeaders)) reply.raw.setHeader(name, value);
          reply.raw.setHeader('x-request-id', request.id);
          // What nobody read of a body is not waited for, however long it is.
          reply.raw.once('finish', () => raw.complete || raw.destroy());
          reply.hijack();
          await handle(raw, reply.raw);
        });
      }
    }
  });
}
