import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import cors from 'cors';
import express from 'express';
import { defaultFieldResolver, GraphQLError } from 'graphql';
import { port } from './settings.ts';
import { resolvers, shopSdl } from './shop.ts';
import { type Scopes, verify } from './token.ts';

// Apollo Server on Express, jose in the context, and resolvers that a schema directive wraps:
// https://the-guild.dev/graphql/tools/docs/schema-directives
interface Context {
  readonly scopes: Scopes;
}

const directive = 'directive @auth(scope: String!) on FIELD_DEFINITION\n';
const unguarded = makeExecutableSchema({
  typeDefs: directive + shopSdl((scope) => `@auth(scope: "${scope}")`),
  resolvers,
});
const schema = mapSchema(unguarded, {
  [MapperKind.OBJECT_FIELD]: (field) => {
    const scope = getDirective(unguarded, field, 'auth')?.[0]?.['scope'] as string | undefined;
    if (scope === undefined) return field;
    const { resolve = defaultFieldResolver } = field;
    return {
      ...field,
      resolve: (source, args, context: Context, info) => {
        if (!context.scopes?.has(scope)) {
          throw new GraphQLError('Not authorized', { extensions: { code: 'FORBIDDEN' } });
        }
        return resolve(source, args, context, info);
      },
    };
  },
});

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
