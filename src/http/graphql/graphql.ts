import { once } from 'node:events';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { createStreamSessions } from '../../api/operation/operation.ts';
import { createDocumentStore } from '../../apollo/document-store.ts';
import { refuseCrossSite, wantsPage } from '../headers/cross-site.ts';
import { asksForEvents } from './answer-form.ts';
import { eventStreamHandler } from './event-stream.ts';
import { logFaults } from './fault-log.ts';
import type { Context, GraphqlOptions } from './options.ts';
import { readJsonBodies } from './json-body.ts';
import { parametersOf, readParameters, refuseParameters, withoutEmptyName } from './operation-parameters.ts';
import { watchOperations } from './operation-watch.ts';
import { plainLandingPage } from './landing-page.ts';
import { contextOf } from './request-context.ts';
import { refuse } from '../refusal.ts';
import { graphqlVary } from '../headers/security-headers.ts';
import { createPlaces, type Place, refuseFull } from './places.ts';
import { createStreamErrors } from './stream-errors.ts';
import { subprotocolFault } from '../sockets/subprotocol.ts';
import { socketHandler, socketServerOptions } from '../sockets/websocket.ts';

/** Where the API endpoint is on the public URL. */
export const graphqlPath = '/graphql';

/**
 * Mounts the API endpoint: GraphQL over HTTP, WebSocket and server-sent events for clients, Apollo Sandbox for a browser.
 *
 * @returns what ends the connections that would not end by themselves
 */
export async function mountGraphql(app: FastifyInstance, options: GraphqlOptions): Promise<() => void> {
  const apollo = createApollo(app, options);
  await apollo.start();
  app.addHook('onClose', async () => apollo.stop());
  const sessions = createStreamSessions({ context: options.context });
  const errors = createStreamErrors(app.log, options.formatError);
  const places = createPlaces({ limits: options.streams, networkOf: options.networkOf });
  const events = eventStreamHandler({ runner: options.runner, sessions, errors, places });
  const mostOperations = options.streams.operations;
  const sockets = socketHandler({ runner: options.runner, sessions, errors, mostOperations });
  /** The places of the sockets whose upgrade is under way. */
  const taken = new WeakMap<FastifyRequest, Place>();
  await app.register(websocket, {
    options: socketServerOptions(options.bodyLimit),
    // What a client sends against the protocol is no fault of the server: the library closes the socket, whose handler logs it.
    errorHandler: () => {},
  });
  // The library would open a socket at any path, which no limit counts, and log the path.
  app.addHook('onRequest', async (request, reply) => {
    const isElsewhere = request.ws && request.routeOptions.url !== graphqlPath;
    if (!isElsewhere || request.headers.upgrade?.toLowerCase() !== 'websocket') return;
    await refuse(reply, 'BAD_REQUEST', `A WebSocket is opened at ${graphqlPath} and nowhere else`);
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) =>
      options.pages.answer(request, reply, 'GET, POST') ? reply : undefined,
    );
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('vary', graphqlVary);
    });
    readJsonBodies(scope);
    const overHttp = fastifyApolloHandler(apollo, {
      context: contextOf(options),
    });
    const handler: RouteHandlerMethod = function handle(request, reply) {
      refuseCrossSite(request, options.pages);
      const fault = request.method === 'GET' && !wantsPage(request) ? parametersOf(request) : null;
      if (typeof fault === 'string') return refuseParameters(reply, fault);
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
        // From the upgrade on, since a client may take its time to send `connection_init`.
        const place = places.take(request.ip, socket.closed ? Promise.resolve() : once(socket, 'close'));
        if (typeof place === 'string') await refuseFull(reply, place, places.limits);
        else taken.set(request, place);
      },
      handler,
      wsHandler: (socket, request) => {
        const place = taken.get(request);
        if (place) sockets(socket, request, place);
        else socket.terminate(); // Not without the hook above.
      },
    });
    scope.route({
      url: graphqlPath,
      method: 'POST',
      preHandler: async (request, reply) => {
        request.body = withoutEmptyName(request.body);
        const parameters = readParameters(request.body);
        return typeof parameters === 'string' ? refuseParameters(reply, parameters) : undefined;
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
  return () => {
    sessions.close();
    hangUp(app);
  };
}

/** A preflight that arrives here is of a page whose origin is not allowed. */
function methodFault({ headers }: FastifyRequest): string {
  const isPreflight = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
  return isPreflight
    ? 'Pages of this origin may not call: add it to CLAIMGATE_ALLOWED_ORIGINS, with its scheme and port, and without a slash'
    : 'Only GET and POST are answered here';
}

/** How long a client may take to say goodbye, in milliseconds. */
const farewell = 2_000;

function hangUp(app: FastifyInstance): void {
  for (const socket of app.websocketServer.clients) {
    socket.close(1001, 'Going Away');
    setTimeout(() => socket.terminate(), farewell).unref();
  }
}

function createApollo(app: FastifyInstance, options: GraphqlOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema: options.schema,
    introspection: true,
    // `refuseCrossSite` does it, and takes what GraphQL clients send by GET.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: createDocumentStore(),
    includeStacktraceInErrorResponses: false,
    // The command line stops the server; a library must not hear signals.
    stopOnTerminationSignals: false,
    parseOptions: options.parseOptions,
    validationRules: [...options.validationRules],
    formatError: options.formatError,
    logger: app.log,
    plugins: [
      ...options.plugins,
      logFaults(app.log, options.formatError),
      ...(options.onOperation ? [watchOperations(options.onOperation)] : []),
      options.sandbox
        ? ApolloServerPluginLandingPageLocalDefault({
            embed: { runTelemetry: false, initialState: { pollForSchemaUpdates: false } },
            footer: false,
          })
        : plainLandingPage,
      // It would wrap every resolver, and no type here uses cache hints.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing leaves for Apollo's services, whatever the environment says.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
}
