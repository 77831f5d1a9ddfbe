import { once } from 'node:events';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { createStreamSessions, type KnownOperations } from '../../api/operation/operation.ts';
import { createDocumentStore } from '../../apollo/document-store.ts';
import { refuseCrossSite, wantsPage } from '../headers/cross-site.ts';
import { asksForEvents } from './answer-form.ts';
import { eventStreamHandler } from './event-stream.ts';
import { faultLog, logFaults, writeLogged } from './fault-log.ts';
import { rememberDocuments } from '../lane/known-documents.ts';
import { sendHandedOver } from '../lane/send-handed-over.ts';
import type { OperationContext, GraphqlOptions } from './options.ts';
import { readJsonBodies } from './json-body.ts';
import { parametersOf, readParameters, refuseParameters, withoutEmptyName } from './operation-parameters.ts';
import { watchOperations } from './operation-watch.ts';
import { prefersPage } from './landing-page.ts';
import { contextOf } from './request-context.ts';
import { findDocument, refuseDocument, setCacheHeaders } from '../trusted/document-of-request.ts';
import { refuse } from '../refusal.ts';
import { createPlaces, type Place, refuseFull } from './places.ts';
import { createStreamErrors } from './stream-errors.ts';
import { subprotocolFault } from '../sockets/subprotocol.ts';
import { socketHandler, socketServerOptions } from '../sockets/websocket.ts';

/** The path of the API endpoint. */
export const graphqlPath = '/graphql';

/** The mounted API endpoint. */
export interface MountedGraphql {
  /** The registry of known documents, if there is one. */
  readonly known: KnownOperations | undefined;
  /** Ends the open WebSockets and event streams. */
  readonly endStreams: () => void;
}

/**
 * Mounts the API endpoint. Clients use GraphQL over HTTP, WebSocket and server-sent events. A browser gets the
 * landing page.
 */
export async function mountGraphql(app: FastifyInstance, options: GraphqlOptions): Promise<MountedGraphql> {
  const known = options.known?.({
    onErrors: faultLog(app.log, options.formatError),
    onOperation: options.onOperation,
  });
  const apollo = createApollo(app, options, known);
  await apollo.start();
  app.addHook('onClose', async () => apollo.stop());
  const sessions = createStreamSessions({ context: async (request) => options.context(request) });
  const errors = createStreamErrors(app.log, options.formatError);
  const places = createPlaces({ limits: options.streams, networkOf: options.networkOf });
  const events = eventStreamHandler({ runner: options.runner, sessions, errors, places });
  const maxOperations = options.streams.operations;
  const { runner, trusted } = options;
  const sockets = socketHandler({ runner, sessions, errors, maxOperations, trusted });
  /** The places of the WebSockets that are being opened. */
  const taken = new WeakMap<FastifyRequest, Place>();
  await app.register(websocket, {
    options: socketServerOptions(options.bodyLimit),
    // The library closes the socket of a client that violates the protocol. The handler of the socket logs the
    // violation.
    errorHandler: () => {},
  });
  // Without this hook, the library would open sockets at any path and log the path. No limit would count these sockets.
  app.addHook('onRequest', (request, reply, done) => {
    const isElsewhere = request.ws && request.routeOptions.url !== graphqlPath;
    if (!isElsewhere || request.headers.upgrade?.toLowerCase() !== 'websocket') return done();
    void refuse(reply, 'BAD_REQUEST', `A WebSocket is opened at ${graphqlPath} and nowhere else`);
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', (request, reply, done) => {
      if (!options.pages.answer(request, reply, 'GET, POST')) done();
    });
    setCacheHeaders(scope, trusted);
    readJsonBodies(scope);
    const overHttp = fastifyApolloHandler(apollo, {
      context: contextOf(options),
    });
    const handler: RouteHandlerMethod = function handle(request, reply) {
      if (sendHandedOver(request, reply)) return reply;
      const unknown = request.method === 'GET' ? findDocument(request, trusted) : null;
      if (unknown) return refuseDocument(reply, unknown, options.parseOptions);
      refuseCrossSite(request, options.pages);
      if (request.method === 'GET') {
        if (wantsPage(request)) return options.landingPage(reply);
        const fault = parametersOf(request);
        if (typeof fault === 'string') return refuseParameters(reply, fault);
        if (prefersPage(request)) return options.landingPage(reply);
      }
      return asksForEvents(request, options.parseOptions)
        ? events(request, reply)
        : overHttp.call(this, request, reply);
    };
    scope.route({
      url: graphqlPath,
      method: 'GET',
      exposeHeadRoute: false,
      onRequest: async (request, reply) => {
        if (!request.ws) return;
        if (!options.pages.admits(request)) {
          await refuse(reply, 'BAD_REQUEST', 'Pages of this origin may not open a WebSocket here', 'origin');
          return;
        }
        const fault = subprotocolFault(request.headers['sec-websocket-protocol']);
        if (fault !== null) {
          await refuse(reply, 'BAD_REQUEST', fault);
          return;
        }
        const { socket } = request.raw;
        // A place is taken at the upgrade, because a client may wait before it sends `connection_init`.
        const place = places.take(request.ip, socket.closed ? Promise.resolve() : once(socket, 'close'));
        if (typeof place === 'string') await refuseFull(reply, place, places.limits);
        else taken.set(request, place);
      },
      handler,
      wsHandler: (socket, request) => {
        const place = taken.get(request);
        if (place) sockets(socket, request, place);
        else socket.terminate(); // The hook above has not run.
      },
    });
    scope.route({
      url: graphqlPath,
      method: 'POST',
      preHandler(request, reply, done) {
        const unknown = findDocument(request, trusted);
        request.body = withoutEmptyName(request.body);
        const parameters = readParameters(request.body);
        if (unknown) refuseDocument(reply, unknown, options.parseOptions);
        else if (typeof parameters === 'string') refuseParameters(reply, parameters);
        else done();
      },
      handler,
    });
    scope.route({
      url: graphqlPath,
      method: ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      handler: async (request, reply) =>
        refuse(reply.header('allow', 'GET, POST'), 'BAD_REQUEST', methodFault(request), 'method'),
    });
  });
  return {
    known,
    endStreams() {
      sessions.close();
      hangUp(app);
    },
  };
}

/**
 * Makes the message for a method that the endpoint does not answer. A preflight reaches this function only if the
 * origin of its page is not allowed.
 */
function methodFault({ headers }: FastifyRequest): string {
  const isPreflight = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
  return isPreflight
    ? 'Pages of this origin may not call: add it to CLAIMGATE_ALLOWED_ORIGINS, with its scheme and port, and without a slash'
    : 'Only GET and POST are answered here';
}

/** How long a client may take to answer a close. */
const closeTimeoutMs = 2_000;

function hangUp(app: FastifyInstance): void {
  for (const socket of app.websocketServer.clients) {
    socket.close(1001, 'Going Away');
    setTimeout(() => socket.terminate(), closeTimeoutMs).unref();
  }
}

function createApollo(
  app: FastifyInstance,
  options: GraphqlOptions,
  known: KnownOperations | undefined,
): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema: options.schema,
    introspection: true,
    // `refuseCrossSite` prevents CSRF, and accepts the GET requests of GraphQL clients.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: createDocumentStore(),
    includeStacktraceInErrorResponses: false,
    // The command line handles signals.
    stopOnTerminationSignals: false,
    parseOptions: options.parseOptions,
    validationRules: [...options.validationRules],
    formatError: options.formatError,
    logger: app.log,
    stringifyResult: writeLogged(app.log),
    plugins: [
      ...options.plugins,
      logFaults(app.log, options.formatError),
      ...(options.onOperation ? [watchOperations(options.onOperation)] : []),
      ...(known ? [rememberDocuments(known)] : []),
      // `landingPage` answers a browser. Apollo Server's own page loads a script from another company's server.
      ApolloServerPluginLandingPageDisabled(),
      // Without this line, Apollo Server would wrap every resolver for cache hints. No type uses them.
      ApolloServerPluginCacheControlDisabled(),
      // The server sends nothing to Apollo's services, even if the environment configures them.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
}
