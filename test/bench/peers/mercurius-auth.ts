import Fastify from 'fastify';
import { GraphQLError } from 'graphql';
import { makeExecutableSchema } from '@graphql-tools/schema';
import mercurius from 'mercurius';
import mercuriusAuth from 'mercurius-auth';
import { port } from './settings.ts';
import { resolvers, shopSdl } from './shop.ts';
import { type Scopes, verifyOnce } from './token.ts';

// Mercurius with jit, mercurius-auth and a cache of tokens.
const directive = 'directive @auth(scope: String!) on FIELD_DEFINITION\n';
const schema = makeExecutableSchema({
  typeDefs: directive + shopSdl((scope) => `@auth(scope: "${scope}")`),
  resolvers,
});
const app = Fastify();
await app.register(mercurius, { schema, jit: 1, compilerOptions: { disablingCapturingStackErrors: true } });
await app.register(mercuriusAuth, {
  authContext: async (context) => ({ scopes: await verifyOnce(context.reply.request.headers.authorization) }),
  applyPolicy: async (policy, _parent, _args, context) => {
    const value = policy.arguments?.[0]?.value;
    const scopes = (context.auth as { scopes?: Scopes } | undefined)?.scopes;
    if (value?.kind === 'StringValue' && scopes?.has(value.value)) return true;
    return new GraphQLError('Not authorized', { extensions: { code: 'FORBIDDEN' } });
  },
  authDirective: 'auth',
});
await app.listen({ port, host: '127.0.0.1' });
