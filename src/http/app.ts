import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { type Around, answerAround } from './around.ts';
import { crossOrigin } from './headers/cross-origin.ts';
import { prepareDrain } from './drain.ts';
import { nameOwnHost, readForwardedFor, warnOfProxy } from './headers/forwarded.ts';
import { graphqlPath, mountGraphql } from './graphql/graphql.ts';
import { sweepIdleConnections } from './connections/idle.ts';
import { idleTimeoutMs, keepProxyConnections } from './connections/keep-alive.ts';
import { type FindAddresses, type ListenAddress, listenOn } from './connections/listen.ts';
import type { GraphqlOptions } from './graphql/options.ts';
import type { CountedRequest } from '../observe/metrics.ts';
import type { AccessLog } from '../observe/log.ts';
import type { Tracing } from '../observe/tracing.ts';
import { handedOver, LaneRequest } from './lane/lane-request.ts';
import { type LaneSettings, openLane } from './lane/open.ts';
import { mountHealth, type ReadinessCheck } from './health.ts';
import { type MetricsOptions, mountMetrics } from './metrics.ts';
import { nothingAt } from './nothing.ts';
import { withoutEmptyParameters } from './graphql/operation-parameters.ts';
import { mountRaw, type RawMount } from './raw.ts';
import { onError, refuse } from './refusal.ts';
import { countedRequest, logRequests, withIdOf } from './request-log.ts';
import { mountResourceMetadata, type ResourceMetadata } from './resource-metadata.ts';
import { setSecurityHeaders } from './headers/security-headers.ts';
import { traceRequests } from './trace.ts';
import { isRefused } from './connections/host.ts';
import { handleRequests } from './connections/requests.ts';
import { answerUnreadable } from './connections/unreadable.ts';

/** The options of the HTTP server. */
export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  /** Writes the line of each request. */
  readonly access: AccessLog;
  /** The public scheme, host and port. */
  readonly publicUrl: string;
  /**
   * Proxies whose `X-Forwarded-For` holds the caller's address (Fastify's `trustProxy`). Empty: the server uses the
   * address of the socket.
   */
  readonly trustedProxies: readonly string[];
  /** The origins whose pages may call the API, besides this server's own origin. */
  readonly allowedOrigins: readonly string[];
  /** The headers that pages of these origins may send in addition to the default headers, in lower case. */
  readonly allowedHeaders: readonly string[];
  /** The largest body of a request to the API endpoint and the largest message of a WebSocket, in bytes. */
  readonly maxBodyBytes: number;
  readonly graphql: Omit<GraphqlOptions, 'pages' | 'bodyLimit'>;
  readonly metadata: ResourceMetadata;
  readonly checks: readonly ReadinessCheck[];
  /** Runs the handler of each request from the network in an async context. Default: requests get no context. */
  readonly around?: Around;
  /** Traces each request. Default: nothing is traced. */
  readonly tracing?: Tracing;
  /** The lane. Default: Fastify handles every request. */
  readonly lane?: LaneSettings;
  /** Called for each answered request. Must not throw. Default: no-op. */
  readonly onAnswer?: (request: CountedRequest) => void;
  /** Absent: there is no `/metrics`. */
  readonly metrics?: MetricsOptions;
  /** The embedded authorization server and its pages. Empty if the authorization server is not embedded. */
  readonly mounts: readonly RawMount[];
  /** Parts that add routes of their own, such as the explorer. Default: none. */
  readonly routes?: readonly RoutePart[];
}

/** A part of the server that adds routes of its own. */
export interface RoutePart {
  /** The paths that a message about an unknown address may name. */
  readonly paths: readonly string[];
  readonly mount: (app: FastifyInstance) => void;
}

/** How long a request may take to arrive. */
const requestTimeoutMs = 30_000;

/** The HTTP server, and the function that ends it. */
export interface App {
  readonly server: FastifyInstance;
  /**
   * Begins to listen. Use it in place of the function `listen` of `server`, which on `localhost` makes a further HTTP
   * server without the lane and without the bounds of this one.
   *
   * @param find - finds the addresses of `localhost`. Default: the resolver of the operating system
   * @returns the URL of the first address
   * @throws the error of Node if the first address cannot be used
   */
  readonly listen: (address: ListenAddress, find?: FindAddresses) => Promise<string>;
  /**
   * Accepts no new connections, ends WebSockets and event streams, completes the other requests, and closes all
   * connections.
   */
  readonly drain: () => Promise<void>;
}

/**
 * Makes the HTTP server, which does not listen yet. The hooks are added in the order in which they handle a request.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => handedOver(request)?.id ?? randomUUID(),
    // `withIdOf` makes the log add the request ID to each line.
    childLoggerFactory: (logger) => logger,
    bodyLimit: options.maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: idleTimeoutMs.ofCallers,
    http: { shouldUpgradeCallback: isWebSocket, IncomingMessage: LaneRequest, requireHostHeader: false },
    trustProxy: options.trustedProxies.length > 0 && [...options.trustedProxies],
    rewriteUrl: ({ url = '/' }) => withoutEmpty(originForm(url)),
    clientErrorHandler: answerUnreadable,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (_error, request, reply) => {
      // No hook runs for this answer.
      setSecurityHeaders(request, reply);
      refuse(reply, 'BAD_REQUEST', 'The address is not well-formed');
    },
  });
  sweepIdleConnections(app.server);
  const drain = prepareDrain(app);
  keepProxyConnections(app, options.trustedProxies);
  nameOwnHost(app, options.publicUrl);
  if (options.trustedProxies.length === 0) warnOfProxy(app);
  else readForwardedFor(app);
  app.setErrorHandler(onError);
  const parts = options.routes ?? [];
  const paths = [
    graphqlPath,
    '/health/live',
    '/health/ready',
    ...[...options.mounts, ...parts].flatMap((part) => part.paths),
  ];
  app.setNotFoundHandler((request, reply) => refuse(reply, 'NOT_FOUND', nothingAt(request, paths)));
  app.addHook('onRequest', (request, _reply, answer) => withIdOf(request, answer));
  if (options.around) answerAround(app, options.around);
  if (options.tracing) traceRequests(app, options.tracing);
  app.addHook('onSend', (request, reply, _payload, done) => {
    setSecurityHeaders(request, reply);
    done();
  });
  logRequests(app, options.access);
  const { onAnswer } = options;
  if (onAnswer) {
    app.addHook('onResponse', (request, reply, done) => {
      onAnswer(countedRequest(request, reply));
      done();
    });
  }

  const pages = crossOrigin(options.publicUrl, options.allowedOrigins, options.allowedHeaders);
  mountHealth(app, options.checks);
  if (options.metrics) mountMetrics(app, options.metrics);
  mountResourceMetadata(app, options.metadata, pages);
  await mountRaw(app, pages, options.mounts);
  for (const { mount } of parts) mount(app);
  const { endStreams, known } = await mountGraphql(app, { ...options.graphql, pages, bodyLimit: options.maxBodyBytes });
  app.get('/', async (_request, reply) => reply.redirect('/graphql', 302));
  if (options.lane && known) {
    const { access, around, onAnswer, maxBodyBytes, trustedProxies } = options;
    const parts = {
      known,
      pages,
      drain,
      context: options.graphql.context,
      trusted: options.graphql.trusted,
      access,
      around,
      onAnswer,
    };
    await openLane(app, options.lane, options.tracing !== undefined, { ...parts, maxBodyBytes, trustedProxies });
  } else handleRequests(app.server, (request, response) => app.routing(request, response));
  return {
    server: app,
    async listen(address, find) {
      const { url, others } = await listenOn(app, address, find);
      for (const other of others) drain.closeToo(other);
      return url;
    },
    async drain() {
      endStreams();
      await drain.run();
    },
  };
}

/**
 * Refuses the schema of a route. No route has a schema. Without this function, Fastify would load its libraries for
 * schemas at each start.
 */
function noSchemas(): never {
  throw new Error('A route has a schema, and this server compiles none.');
}

/**
 * Returns the path and query of a request target. A target in absolute form (RFC 9112 §3.2.2) also has a scheme and a
 * host. They are removed, because the caller chooses them. Returns `/` for a target that is neither a path nor a URL.
 */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const url = URL.parse(target);
  return url ? url.pathname + url.search : '/';
}

/** Removes the empty parameters from the target of a GraphQL request. Returns any other target unchanged. */
function withoutEmpty(target: string): string {
  const head = `${graphqlPath}?`;
  return target.startsWith(head) ? head + withoutEmptyParameters(target.slice(head.length)) : target;
}

/**
 * Whether a request is an upgrade to WebSocket. The server ignores every other protocol in `Upgrade` (RFC 9110 §7.8)
 * and answers over HTTP/1.1. For example, Java's HttpClient offers `h2c` with each request. Node would otherwise read
 * the body as `h2c`. An upgrade that is refused is answered over HTTP/1.1 too.
 */
function isWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket' && !isRefused(request);
}
