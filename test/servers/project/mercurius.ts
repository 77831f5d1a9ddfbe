import { createGuardedApi, mercuriusOptions, mercuriusPlugin } from 'claimgate';
import Fastify from 'fastify';
import mercurius from 'mercurius';

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
const app = Fastify();
// A batch is answered 200: Mercurius cannot answer it with the status of a refusal.
app.register(mercuriusPlugin(api));
app.register(mercurius, mercuriusOptions(api));
console.log(`Server ready at: ${await app.listen({ port: Number(process.env.PORT ?? 4000), host: '127.0.0.1' })}`);
