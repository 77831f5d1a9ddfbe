import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { type Around, answerAround } from './around.ts';
import { crossOrigin } from './headers/cross-origin.ts';
import { prepareDrain } from './drain.ts';
import { nameOwnHost, readForwardedFor, warnOfProxy } from './headers/forwarded.ts';
import { graphqlPath, mountGraphql } from './graphql/graphql.ts';
import type { GraphqlOptions } from './graphql/options.ts';
import type { CountedRequest } from '../observe/metrics.ts';
import { type AccessLog, withRequestId } from '../observe/log.ts';
import type { Tracing } from '../observe/tracing.ts';
import { mountHealth, type ReadinessCheck } from './health.ts';
import { type MetricsOptions, mountMetrics } from './metrics.ts';
import { nothingAt } from './nothing.ts';
import { withoutEmptyParameters } from './graphql/operation-parameters.ts';
import { mountRaw, type RawMount } from './raw.ts';
import { onError, refuse } from './refusal.ts';
import { countedRequest, logRequests } from './request-log.ts';
import { mountResourceMetadata, type ResourceMetadata } from './resource-metadata.ts';
import { setSecurityHeaders } from './headers/security-headers.ts';
import { traceRequests } from './trace.ts';
import { answerUnreadable } from './unreadable.ts';

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  /** Writes the line of each request. */
  readonly access: AccessLog;
  /** Scheme, host and port that the world sees. */
  readonly publicUrl: string;
  /** Proxies whose `X-Forwarded-For` tells the caller's address (Fastify's `trustProxy`). None: it is the socket's. */
  readonly trustedProxies: readonly string[];
  /** Origins of pages that may call, besides our own. */
  readonly allowedOrigins: readonly string[];
  /** Headers that those pages may send, besides the usual ones; in lower case. */
  readonly allowedHeaders: readonly string[];
  /** The largest body of a request to the API endpoint, and the largest message of a WebSocket. */
  readonly maxBodyBytes: number;
  readonly graphql: Omit<GraphqlOptions, 'pages' | 'bodyLimit'>;
  readonly metadata: ResourceMetadata;
  readonly checks: readonly ReadinessCheck[];
  /** Each request that comes over the network is answered within it. */
  readonly around?: Around;
  /** Who is told how long each request took. Default: nobody. */
  readonly tracing?: Tracing;
  /** Hears of each request that was answered. May not throw. */
  readonly onAnswer?: (request: CountedRequest) => void;
  /** Absent: there is no `/metrics`. */
  readonly metrics?: MetricsOptions;
  /** The authorization server and its pages, where it is embedded. */
  readonly mounts: readonly RawMount[];
}

/** How long a request may take to arrive, in milliseconds. */
const requestTimeout = 30_000;

/**
 * How long a connection on which nothing is asked stays open, in milliseconds. Behind a proxy it is for the proxy to close it: one
 * that sends a request while the server is closing gets nothing back, and answers 502. Proxies in use wait for 60 s (nginx, AWS),
 * 90 s (Traefik), 120 s (Caddy) or 600 s (Google Cloud). Connections of callers themselves are not kept that long.
 */
const idleTimeoutMs = { ofCallers: 72_000, ofProxies: 620_000 } as const;

/** The HTTP server, and how it ends. */
export interface App {
  readonly server: FastifyInstance;
  /** Takes no more, finishes what is under way, and closes. */
  readonly drain: () => Promise<void>;
}

/** The HTTP server, not yet listening. What happens to a request stands here in its order. */
export async function createApp(options: AppOptions): Promise<App> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // The log adds it to every line of a request, whoever writes it (withRequestId).
    childLoggerFactory: (logger) => logger,
    bodyLimit: options.maxBodyBytes,
    requestTimeout,
    keepAliveTimeout: options.trustedProxies.length > 0 ? idleTimeoutMs.ofProxies : idleTimeoutMs.ofCallers,
    http: { shouldUpgradeCallback: isWebSocket },
    trustProxy: options.trustedProxies.length > 0 && [...options.trustedProxies],
    rewriteUrl: ({ url = '/' }) => withoutEmpty(originForm(url)),
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (_error, _request, reply) => {
      refuse(reply, 'BAD_REQUEST', 'The address is not well-formed');
    },
  });
  const drain = prepareDrain(app);
  nameOwnHost(app, options.publicUrl);
  if (options.trustedProxies.length === 0) warnOfProxy(app);
  else readForwardedFor(app);
  app.setErrorHandler(onError);
  const paths = [graphqlPath, '/health/live', '/health/ready', ...options.mounts.flatMap((mount) => mount.paths)];
  app.setNotFoundHandler((request, reply) => refuse(reply, 'NOT_FOUND', nothingAt(request, paths)));
  app.addHook('onRequest', (request, _reply, answer) => withRequestId(request.id, answer));
  if (options.around) answerAround(app, options.around);
  if (options.tracing) traceRequests(app, options.tracing);
  app.addHook('onSend', async (request, reply) => setSecurityHeaders(request, reply));
  logRequests(app, options.access);
  app.addHook('onResponse', async (request, reply) => options.onAnswer?.(countedRequest(request, reply)));

  const pages = crossOrigin(options.publicUrl, options.allowedOrigins, options.allowedHeaders);
  mountHealth(app, options.checks);
  if (options.metrics) mountMetrics(app, options.metrics);
  mountResourceMetadata(app, options.metadata, pages);
  await mountRaw(app, pages, options.mounts);
  const endStreams = await mountGraphql(app, { ...options.graphql, pages, bodyLimit: options.maxBodyBytes });
  app.get('/', async (_request, reply) => reply.redirect('/graphql', 302));
  return {
    server: app,
    async drain() {
      endStreams();
      await drain();
    },
  };
}

/** The path and query of a request target. Its absolute form (RFC 9112 §3.2.2) names a host, which whoever sends it makes up. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const url = URL.parse(target);
  return url ? url.pathname + url.search : '/';
}

/** The address of a GraphQL request by GET without the parameters that are empty. */
function withoutEmpty(target: string): string {
  const head = `${graphqlPath}?`;
  return target.startsWith(head) ? head + withoutEmptyParameters(target.slice(head.length)) : target;
}

/**
 * Whether a request leaves HTTP for the protocol in its `Upgrade` header. Any other protocol is ignored, as RFC 9110 §7.8 allows, and
 * the request answered: Java's HttpClient offers `h2c` with each, and Node would take the body for that protocol's.
 */
function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}
