import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGuardedSchema } from '../../../src/index.ts';
import { as, ask, denied, testClock, testIssuer } from '../../../src/testing.ts';

const clock = testClock('2030-01-01T12:00:00Z');
const guarded = createGuardedSchema({
  clock,
  modules: [
    {
      name: 'orders',
      typeDefs: `
        type Query { orders: [Order!]! @auth(scope: "orders:read") }
        type Mutation { pay(accountId: ID!): Boolean @auth(owner: "$accountId", maxAge: 300) }
        type Order { item: String!  customer: String @auth(scope: "customers:read") }
      `,
      resolvers: { Query: { orders: () => [{ item: 'Lamp', customer: 'Grace' }] }, Mutation: { pay: () => true } },
    },
  ],
});

describe('orders', () => {
  it('a clerk reads the item, and not the customer', async () => {
    const answer = await ask(guarded, '{ orders { item customer } }', {}, as({ scopes: 'orders:read' }));
    assert.deepEqual(answer.data, { orders: [{ item: 'Lamp', customer: null }] });
    assert.deepEqual(denied(answer), [
      {
        coordinate: 'Order.customer',
        path: 'orders.0.customer',
        why: 'scope',
        code: 'FORBIDDEN',
        requiredScopes: ['customers:read'],
      },
    ]);
  });

  it('only the owner pays, within five minutes after the sign-in', async () => {
    const issuer = testIssuer({ clock });
    const pay = (account: string) => {
      const caller = issuer.as({ account, authenticatedAt: new Date('2030-01-01T12:00:00Z') });
      return ask(guarded, 'mutation ($id: ID!) { pay(accountId: $id) }', { id: 'grace' }, caller);
    };
    assert.deepEqual((await pay('grace')).data, { pay: true });
    assert.equal(denied(await pay('alan'))[0]?.why, 'owner');
    clock.advanceSeconds(301);
    assert.equal(denied(await pay('grace'))[0]?.why, 'authentication');
  });
});
