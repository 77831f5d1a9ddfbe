import { readFileSync } from 'node:fs';
import { createGuardedSchema, defineModule, type Policy, type PrincipalContext } from '../../../src/index.ts';
import type { Resolvers } from './generated.ts';

const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace', account: 'ada' },
  { id: '2', item: 'Desk', customer: 'Alan', account: 'bob' },
];

const ordersModule = defineModule<Resolvers>({
  name: 'orders',
  typeDefs: readFileSync(new URL('orders.graphql', import.meta.url), 'utf8'),
  resolvers: {
    Query: {
      hello: () => 'hello',
      // `id` is a string, and an order has the members of the type Order.
      order: (_source, { id }) => orders.find((order) => order.id === id) ?? null,
      // `principal` is the caller. Only an account has an accountId.
      mine: (_source, _args, { principal }) =>
        principal.kind === 'account' ? orders.filter(({ account }) => account === principal.accountId) : [],
    },
  },
});

const businessHours: Policy<PrincipalContext> = (requests, { principal }) =>
  requests.map(() => principal.kind === 'account' && new Date().getHours() < 18);

export const guarded = createGuardedSchema({ modules: [ordersModule], policies: { businessHours } });
