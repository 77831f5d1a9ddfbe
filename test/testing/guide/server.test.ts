import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { defineConfig, defineModule } from '../../../src/server.ts';
import { denied, startTestServer } from '../../../src/testing/server.ts';

// In your project: import config from '../claimgate.config.ts';
const config = defineConfig({
  scopes: { 'orders:read': { description: 'See orders', roles: ['clerk'] } },
  modules: [
    defineModule({
      name: 'orders',
      typeDefs: 'extend type Query { orders: [String!]! @auth(scope: "orders:read") }',
      resolvers: { Query: { orders: () => ['Lamp'] } },
    }),
  ],
});

const start = () =>
  startTestServer({
    config,
    accounts: { 'grace@example.com': { roles: ['clerk'] } },
    applications: { shop: { scopes: ['orders:read'] } },
  });
let server: Awaited<ReturnType<typeof start>>;
before(async () => {
  server = await start();
});
after(() => server.close());

it('a clerk reads the orders in the shop', async () => {
  const token = await server.token({ account: 'grace@example.com', application: 'shop', scopes: 'orders:read' });
  assert.deepEqual((await server.ask('{ orders }', {}, token)).data, { orders: ['Lamp'] });
  assert.equal(denied(await server.ask('{ orders }'))[0]?.why, 'token');
});
