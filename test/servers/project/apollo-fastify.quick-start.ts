import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';

const typeDefs = `#graphql
  type Order {
    id: ID!
    item: String!
    customer: String
  }
  type Query {
    hello: String!
    orders: [Order!]!
  }
  type Mutation {
    cancelOrders: Boolean!
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

const fastify = Fastify();
const server = new ApolloServer({
  typeDefs,
  resolvers,
  plugins: [fastifyApolloDrainPlugin(fastify)],
});
await server.start();
fastify.route({
  url: '/graphql',
  method: ['GET', 'POST', 'OPTIONS'],
  handler: fastifyApolloHandler(server),
});
console.log(`Server ready at: ${await fastify.listen({ port: Number(process.env.PORT ?? 4000), host: '127.0.0.1' })}`);
