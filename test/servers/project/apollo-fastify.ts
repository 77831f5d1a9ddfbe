import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { createGuardedApi } from 'claimgate';
import { planPlugin } from 'claimgate/apollo';
import Fastify from 'fastify';

const typeDefs = `#graphql
  type Order {
    id: ID!
    item: String!
    customer: String @auth(scope: "customers:read")
  }
  type Query {
    hello: String! @public
    orders: [Order!]! @auth(scope: "orders:read")
  }
  type Mutation {
    cancelOrders: Boolean! @auth(scope: "orders:cancel")
  }
`;
const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];
const resolvers = {
  Query: { hello: () => 'hello', orders: () => orders },
  Mutation: { cancelOrders: () => orders.splice(0).length > 0 },
};

const issuers = [{ issuer: process.env.ISSUER ?? 'https://login.example.com', algorithms: ['ES256'] }];
const modules = [{ name: 'orders', typeDefs, resolvers }];
const api = createGuardedApi({ url: 'https://api.example.com/graphql', issuers, modules });
const fastify = Fastify();
const server = new ApolloServer({
  schema: api.schema,
  plugins: [fastifyApolloDrainPlugin(fastify), planPlugin(api, api.challenge)],
});
await server.start();
fastify.route({
  url: '/graphql',
  method: ['GET', 'POST', 'OPTIONS'],
  handler: fastifyApolloHandler(server, { context: async (request) => api.context(request.raw) }),
});
console.log(`Server ready at: ${await fastify.listen({ port: Number(process.env.PORT ?? 4000), host: '127.0.0.1' })}`);
