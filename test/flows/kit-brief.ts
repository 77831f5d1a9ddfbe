import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { planPlugin } from '../../src/apollo.ts';
import { createGuardedApi } from '../../src/index.ts';

const { ISSUER: issuer = 'https://login.example.com', PORT: port = '4001' } = process.env;
const listen = { port: Number(port), host: 'localhost' };
const typeDefs = 'type Query { hello: String! @public  secret: String! @auth(scope: "secrets:read") }';
const resolvers = { Query: { hello: () => 'hello', secret: () => 'the cake is a lie' } };

const api = createGuardedApi({
  url: 'https://api.example.com/graphql',
  issuers: [{ issuer, algorithms: ['ES256'] }],
  modules: [{ name: 'greetings', typeDefs, resolvers }],
});
const server = new ApolloServer({ schema: api.schema, plugins: [planPlugin(api, api.challenge)] });
await startStandaloneServer(server, { context: ({ req }) => api.context(req), listen });
