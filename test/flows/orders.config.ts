import { defineConfig, defineModule } from 'claimgate-server';

const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];

const ordersModule = defineModule({
  name: 'orders',
  typeDefs: `
    type Order {
      id: ID!
      item: String!
      customer: String @auth(scope: "customers:read")
    }
    extend type Query {
      orders: [Order!]! @auth(scope: "orders:read")
    }
  `,
  resolvers: { Query: { orders: () => orders } },
});

export default defineConfig({
  modules: [ordersModule],
  scopes: {
    'orders:read': { description: 'See the orders' },
    'customers:read': { description: 'See who ordered', roles: ['administrator'] },
  },
});
