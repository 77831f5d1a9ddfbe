import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';

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
  type Subscription {
    shipped: ID!
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

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
});
createServer(yoga).listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => console.log('Server ready'));
