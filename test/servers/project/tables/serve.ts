// Serves the schema of the tables of cases with the installed kit and one of the servers. The tests of the tables start
// it and send the cases. It prints the addresses as one line of JSON.
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import {
  createContext,
  createGuardedSchema,
  createOperationCheck,
  createVerifier,
  type GuardedApi,
  mercuriusOptions,
  mercuriusPlugin,
  remoteKeys,
  yogaPlugin,
} from 'claimgate';
import { planPlugin } from 'claimgate/apollo';
import express from 'express';
import Fastify from 'fastify';
import { createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';
import { makeCallers } from './callers.ts';
import { makeWorld } from './fixture/conformance/auth/world.ts';

const [kind = '', options = '{}'] = process.argv.slice(2);
const { issuer, other, changing, otherSettings, audience, algorithms, jit } = JSON.parse(options);
const challenge = { realm: 'table', resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' };
const bodyLimit = 4_000_000;
const common = { audience: [audience], algorithms };
const verifier = createVerifier({
  issuers: [
    { issuer, ...common, keys: remoteKeys({ issuer }), primary: true },
    { issuer: other, ...common, ...otherSettings, keys: remoteKeys({ issuer: other }), primary: false },
  ],
});

function apiOf(guarded: ReturnType<typeof createGuardedSchema>): GuardedApi {
  const context = createContext({ verifier, url: audience, ...challenge });
  return { ...guarded, verifier, challenge, context, check: createOperationCheck(guarded, challenge) };
}

const mounts: Record<string, (api: GuardedApi) => Promise<string>> = {
  async express(api) {
    const server = new ApolloServer({
      schema: api.schema,
      plugins: [planPlugin(api, api.challenge)],
      introspection: true,
      stopOnTerminationSignals: false,
    });
    await server.start();
    const app = express();
    const handler = expressMiddleware(server, { context: ({ req }) => api.context(req) });
    app.use('/graphql', express.json({ limit: bodyLimit }), handler);
    return listening(createServer(app));
  },
  async yoga(api) {
    return listening(createServer(createYoga({ schema: api.schema, plugins: [yogaPlugin(api)], logging: false })));
  },
  async mercurius(api) {
    const app = Fastify({ bodyLimit });
    app.register(mercuriusPlugin(api));
    app.register(mercurius, {
      ...mercuriusOptions(api),
      allowBatchedQueries: true,
      subscription: { context: async (_socket, request) => api.context(request.raw) },
      ...(jit && { jit }),
    });
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
};

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** The caller, for the table of tokens. */
const viewer = createGuardedSchema({
  modules: [
    {
      name: 'viewer',
      typeDefs: 'type Query { viewer: Viewer @public } type Viewer { subject: String scopes: [String!] }',
      resolvers: {
        Query: {
          viewer: (_source, _args, { principal }) =>
            principal.kind === 'anonymous'
              ? null
              : { subject: principal.subject, scopes: [...principal.scopes].toSorted() },
        },
      },
    },
  ],
});

/** Lists whose items fail at once, by a denial, and later, by an error of the author (E-2). */
const later = (value: unknown) =>
  new Promise((resolve, reject) => {
    setTimeout(() => (value instanceof Error ? reject(value) : resolve(value)), 20);
  });
const hazards = createGuardedSchema({
  // Callbacks of a team may fail (E-3).
  onDenial: () => Promise.reject(new Error('a callback that rejected')),
  onWarning: () => {
    throw new Error('a callback that threw');
  },
  modules: [
    {
      name: 'hazards',
      typeDefs: `
        type Query { rows: [Row!] @public, mixed: [Row!] @public, hello: String @public }
        type Row { id: ID!, secret: String! @auth(scope: "secret"), late: String! }
      `,
      resolvers: {
        Query: {
          hello: () => 'hello',
          rows: () => [{ id: 1 }, { id: 2 }, { id: 3 }],
          mixed: () => [{ id: 1 }, later(new Error('an item that failed later')), later({ id: 3 })],
        },
        Row: { late: () => later(new Error('a field that failed later')) },
      },
    },
  ],
});

const world = makeWorld();
const deep = makeWorld({ inputDepth: 1_000_000 });
const callers = makeCallers({ issuer, changing, audience, ...challenge });
/**
 * The coordinates of the resolvers that ran since the last request to this address. The parameters `kind` and `revoke`
 * revoke tokens.
 */
const control = createServer((request, response) => {
  const parameters = new URL(request.url ?? '', 'http://control').searchParams;
  if (parameters.has('revoke')) callers.revoke(parameters.get('kind'), parameters.get('revoke'));
  const runs = [...world.runs.splice(0), ...deep.runs.splice(0), ...callers.runs.splice(0)];
  world.asked.length = 0;
  deep.asked.length = 0;
  response.end(JSON.stringify(runs));
});

const mount = mounts[kind];
if (!mount) throw new Error(`${kind}: expected one of ${Object.keys(mounts).join(', ')}`);
const urls: Record<string, string> = { control: await listening(control) };
for (const [name, guarded] of Object.entries({ world: world.guarded, deep: deep.guarded, viewer, hazards })) {
  urls[name] = `${await mount(apiOf(guarded))}/graphql`;
}
for (const [name, api] of Object.entries(callers.apis)) urls[name] = `${await mount(api)}/graphql`;
console.log(JSON.stringify(urls));
