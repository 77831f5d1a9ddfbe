import { createServer } from 'node:http';
import { createGuardedApi, yogaPlugin } from 'claimgate';
import { createYoga } from 'graphql-yoga';

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
  type Subscription {
    shipped: ID! @auth(scope: "orders:read")
  }
`;
const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];
const resolvers = {
  Query: { hello: () => 'hello', orders: () => orders },
  Mutation: { cancelOrders: () => orders.splice(0).length > 0 },
  Subscription: {
    shipped: {
      async *subscribe() {
        yield { shipped: '1' };
      },
    },
  },
};

const issuers = [{ issuer: process.env.ISSUER ?? 'https://login.example.com', algorithms: ['ES256'] }];
const modules = [{ name: 'orders', typeDefs, resolvers }];
const api = createGuardedApi({ url: 'https://api.example.com/graphql', issuers, modules });
const yoga = createYoga({
  schema: api.schema,
  plugins: [yogaPlugin(api)],
});
createServer(yoga).listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => console.log('Server ready'));
