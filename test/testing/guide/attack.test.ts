import assert from 'node:assert/strict';
import { it } from 'node:test';
import { attack } from '../../../src/testing.ts';

const modules = [
  {
    name: 'orders',
    typeDefs: `
      type Query { orders(since: Date): [Order!] @auth(scope: "orders:read") }
      type Mutation { pay(input: Payment!): Order @auth(scope: "orders:pay") }
      type Order { item: String  total: Int @auth(scope: "totals:read") }
      input Payment { order: ID!  discount: Int @auth(scope: "discounts") }
      scalar Date
    `,
    resolvers: { Query: { orders: () => [{ item: 'Lamp', total: 5 }] } },
  },
];

it('the rules cannot be walked around', async () => {
  const { waysIn, notTried } = await attack({ modules }, { examples: { Date: '2030-01-01' } });
  assert.deepEqual(waysIn, []);
  assert.deepEqual(notTried, []);
});
