// A team's own server with the kit and without further plugins of ours: Apollo Server over HTTP, graphql-ws and
// graphql-sse. It handles no unhandled rejection and no uncaught exception, because the kit must not need such
// handlers.
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createDocumentStore, planPlugin } from '../../../src/apollo.ts';
import { anonymous, createContext, createGuardedSchema, createVerifier } from '../../../src/index.ts';
import { issuerOf, makeKey } from '../../support/tokens.ts';
import { hostileModule, hostilePolicies } from './module.ts';

const base = { name: 'base', typeDefs: 'type Query type Mutation' };
const guarded = createGuardedSchema({ modules: [base, hostileModule], policies: hostilePolicies });
const challenge = { realm: 'fuzz', resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' };
const verifier = createVerifier({ issuers: [issuerOf([makeKey()])] });
const caller = createContext({ verifier, url: 'https://api.example/graphql', ...challenge });

const server = new ApolloServer({
  schema: guarded.schema,
  plugins: [planPlugin(guarded, challenge)],
  documentStore: createDocumentStore(),
  includeStacktraceInErrorResponses: false,
  csrfPrevention: false,
});
const { url } = await startStandaloneServer(server, {
  context: ({ req }) => caller(req),
  listen: { port: 0, host: '127.0.0.1' },
});

const context = () => ({ principal: anonymous });
const events = createHandler({ schema: guarded.schema, context });
const streams = createServer((request, response) => {
  // A team would write this after reading the documentation of graphql-sse.
  events(request, response).catch(() => response.headersSent || response.writeHead(500).end());
});
const sockets = new WebSocketServer({ server: streams, path: '/graphql', maxPayload: 1_000_000 });
useServer({ schema: guarded.schema, context }, sockets);
streams.listen(0, '127.0.0.1', () => {
  const address = streams.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(
    `ready ${JSON.stringify({ http: `${url}graphql`, streams: `http://127.0.0.1:${port}/graphql` })}\n`,
  );
});
