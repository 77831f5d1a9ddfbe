import Fastify from 'fastify';
import { defaultFieldResolver, type GraphQLFieldResolver, GraphQLError } from 'graphql';
import { makeExecutableSchema } from '@graphql-tools/schema';
import mercurius from 'mercurius';
import { port } from './settings.ts';
import { guards, resolvers, shopSdl } from './shop.ts';
import { type Scopes, verifyOnce } from './token.ts';

// Mercurius with jit, a cache of tokens, and guards that are written by hand around each guarded resolver.
interface Context {
  readonly scopes: Scopes;
}

type Resolvers = Record<string, Record<string, GraphQLFieldResolver<unknown, Context>>>;

const guarded: Resolvers = {};
for (const [type, fields] of Object.entries(resolvers as unknown as Resolvers)) guarded[type] = { ...fields };
for (const [coordinate, scope] of Object.entries(guards)) {
  const [type = '', field = ''] = coordinate.split('.');
  const fields = (guarded[type] ??= {});
  const resolve = fields[field] ?? defaultFieldResolver;
  fields[field] = (source, args, context, info) => {
    if (!context.scopes?.has(scope)) throw new GraphQLError('Not authorized', { extensions: { code: 'FORBIDDEN' } });
    return resolve(source, args, context, info);
  };
}
const schema = makeExecutableSchema({ typeDefs: shopSdl(() => ''), resolvers: guarded });
const app = Fastify();
await app.register(mercurius, {
  schema,
  jit: 1,
  // The stacks of errors of resolvers are not kept: https://github.com/zalando-incubator/graphql-jit#compiledquery
  compilerOptions: { disablingCapturingStackErrors: true },
  // A known token needs no promise.
  context: ({ headers }) => {
    const scopes = verifyOnce(headers.authorization);
    return scopes instanceof Promise ? scopes.then((verified) => ({ scopes: verified })) : { scopes };
  },
});
await app.listen({ port, host: '127.0.0.1' });
