import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { planPlugin } from '../../src/apollo.ts';
import { createContext, createGuardedSchema, createVerifier, remoteKeys } from '../../src/index.ts';

const { ISSUER: issuer = 'https://login.example.com', PORT: port = '4001' } = process.env;
const listen = { port: Number(port), host: 'localhost' };
const url = 'https://api.example.com/graphql';
const realm = { realm: url, resourceMetadata: 'https://api.example.com/.well-known/oauth-protected-resource/graphql' };
const typeDefs = 'type Query { hello: String! @public  secret: String! @auth(scope: "secrets:read") }';
const resolvers = { Query: { hello: () => 'hello', secret: () => 'the cake is a lie' } };

const guarded = createGuardedSchema({ modules: [{ name: 'greetings', typeDefs, resolvers }] });
const keys = remoteKeys({ issuer });
const verifier = createVerifier({ issuers: [{ issuer, audience: [url], algorithms: ['ES256'], keys, primary: true }] });
const caller = createContext({ verifier, url, ...realm });
const server = new ApolloServer({ schema: guarded.schema, plugins: [planPlugin(guarded, realm)] });
await startStandaloneServer(server, { context: ({ req }) => caller(req), listen });
