import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createDocumentStore, planPlugin } from '../../src/apollo.ts';
import {
  createContext,
  createGuardedSchema,
  createProofChecker,
  createVerifier,
  memoryReplays,
  remoteKeys,
} from '../../src/index.ts';

const { ISSUER: issuer = 'https://login.example.com', PORT = '4001' } = process.env;
const audience = 'https://api.example.com/graphql';

const guarded = createGuardedSchema({
  modules: [
    {
      name: 'greetings',
      typeDefs: `
        type Query {
          hello: String! @public
          secret: String! @auth(scope: "secrets:read")
        }
      `,
      resolvers: { Query: { hello: () => 'hello', secret: () => 'the cake is a lie' } },
    },
  ],
});

const proofs = createProofChecker({ replays: memoryReplays() });
const challenge = {
  realm: audience,
  resourceMetadata: 'https://api.example.com/.well-known/oauth-protected-resource/graphql',
  proofs,
};
const verifier = createVerifier({
  issuers: [
    { issuer, audience: [audience], algorithms: ['ES256', 'RS256'], keys: remoteKeys({ issuer }), primary: true },
  ],
  proofs,
});
const caller = createContext({ verifier, url: audience, ...challenge });

const server = new ApolloServer({
  schema: guarded.schema,
  plugins: [planPlugin(guarded, challenge)],
  // Apollo Server's own document store retains the text of long comments and does not count it.
  documentStore: createDocumentStore(),
  includeStacktraceInErrorResponses: false,
});
const { url } = await startStandaloneServer(server, {
  context: ({ req }) => caller(req),
  listen: { port: Number(PORT), host: '127.0.0.1' },
});
process.stdout.write(`ready at ${url}\n`);
