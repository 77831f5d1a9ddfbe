import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { REQUIRES_SCOPES_DIRECTIVE_SDL, useGenericAuth } from '@envelop/generic-auth';
import { useJWT } from '@graphql-yoga/plugin-jwt';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { createYoga } from 'graphql-yoga';
import { audience, issuer, jwks, port } from './settings.ts';
import { resolvers, shopSdl } from './shop.ts';

// GraphQL Yoga with its JWT plugin and generic-auth.
const keys = new Map(
  jwks.keys.map((jwk) => [
    jwk['kid'],
    createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
  ]),
);
const schema = makeExecutableSchema({
  typeDefs: REQUIRES_SCOPES_DIRECTIVE_SDL + shopSdl((scope) => `@requiresScopes(scopes: [["${scope}"]])`),
  resolvers,
});
const yoga = createYoga({
  schema,
  graphiql: false,
  logging: false,
  plugins: [
    useJWT({
      signingKeyProviders: [(kid) => keys.get(kid) ?? ''],
      tokenVerification: { issuer, audience, algorithms: ['ES256'] },
      reject: { missingToken: false, invalidToken: true },
    }),
    useGenericAuth({
      mode: 'protect-granular',
      rejectUnauthenticated: false,
      resolveUserFn: (context) => (context['jwt'] as { payload?: { scope: string } } | undefined)?.payload ?? null,
    }),
  ],
});
createServer(yoga).listen(port, '127.0.0.1');
