import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenSpan, Tracing } from '../observe/tracing.ts';

/**
 * Traces each request with its method, the pattern of its route and its status. If the server sends a request to
 * itself, the span of the causing request is the parent.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  app.addHook('onRequest', (request, _reply, answer) => {
    const method = methods.has(request.method) ? request.method : 'other';
    const name = `${method} ${request.routeOptions.url ?? 'none'}`;
    const { traceparent } = request.headers;
    const span =
      request.raw.socket instanceof Socket
        ? tracing.request(name, typeof traceparent === 'string' ? traceparent : undefined)
        : tracing.part(name);
    span.note({ 'http.request.method': method, 'http.route': request.routeOptions.url ?? 'none' });
    spans.set(request, span);
    span.run(answer);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode } = reply.raw;
    spans.get(request)?.note({ 'http.response.status_code': statusCode, 'claimgate.request_id': request.id });
    spans.get(request)?.end(statusCode >= 500);
    spans.delete(request);
  });
  app.addHook('onRequestAbort', async (request) => {
    spans.get(request)?.end();
    spans.delete(request);
  });
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
