import { createRequire } from 'node:module';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express from 'express';
import { port } from './settings.ts';
import { guards, resolvers, shopSdl } from './shop.ts';
import { type Scopes, verify } from './token.ts';

// Apollo Server on Express, jose in the context, and rules of graphql-shield.

// graphql-shield 7.6.5 uses a function that Node.js 23 removed.
const require = createRequire(import.meta.url);
Object.assign(require('node:util') as object, { isUndefined: (value: unknown) => value === undefined });
const { makeExecutableSchema } = require('@graphql-tools/schema') as typeof import('@graphql-tools/schema');
const { applyMiddleware } = require('graphql-middleware') as typeof import('graphql-middleware');
const { rule, shield } = require('graphql-shield') as typeof import('graphql-shield');

interface Context {
  readonly scopes: Scopes;
}

const needs = (scope: string) =>
  rule(scope, { cache: 'contextual' })((_parent, _args, { scopes }: Context) => scopes?.has(scope) ?? false);
const rules = new Map([...new Set(Object.values(guards))].map((scope) => [scope, needs(scope)]));
const tree: Record<string, Record<string, ReturnType<typeof needs>>> = {};
for (const [coordinate, scope] of Object.entries(guards)) {
  const [type = '', field = ''] = coordinate.split('.');
  const found = rules.get(scope);
  if (found) (tree[type] ??= {})[field] = found;
}
const schema = applyMiddleware(makeExecutableSchema({ typeDefs: shopSdl(() => ''), resolvers }), shield(tree));

const server = new ApolloServer<Context>({ schema });
await server.start();
const app = express();
app.use(
  '/graphql',
  cors(),
  express.json(),
  expressMiddleware(server, { context: async ({ req }) => ({ scopes: await verify(req.headers.authorization) }) }),
);
app.listen(port, '127.0.0.1');
