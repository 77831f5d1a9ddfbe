import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { StartError } from '../../src/errors.ts';
import type { ConfigFile } from '../../src/server.ts';
import { denied, startTestIssuer, type TestCaller } from '../../src/testing.ts';
import { schemaOf, startTestServer, startTestServerFor } from '../../src/testing/server.ts';
import { onDatabase } from '../support/databases.ts';

const config: ConfigFile = {
  scopes: {
    'orders:read': { description: 'See orders' },
    'orders:delete': { description: 'Delete orders', roles: ['clerk'] },
  },
  modules: [
    {
      name: 'orders',
      typeDefs: `
        extend type Query { orders: [String!]! @auth(scope: "orders:read")  fresh: Int @auth(maxAge: 60) }
        extend type Mutation { deleteOrders: Int @auth(scope: "orders:delete") }`,
      resolvers: { Query: { orders: () => ['Lamp'], fresh: () => 1 }, Mutation: { deleteOrders: () => 1 } },
    },
  ],
};

const start = () =>
  startTestServer({
    config,
    accounts: { 'grace@example.com': { roles: ['clerk'] }, 'alan@example.com': {} },
    applications: { shop: { scopes: ['orders:read', 'profile'] }, back: { confidential: true } },
  });

describe('startTestServer', () => {
  let server: Awaited<ReturnType<typeof start>>;
  before(async () => {
    server = await start();
  });
  after(() => server.close());

  it('makes accounts and applications that the server knows', async () => {
    const { accounts, applications, administrator } = server;
    assert.equal(accounts['grace@example.com'].email, 'grace@example.com');
    assert.equal(typeof applications.back.clientSecret, 'string');
    assert.equal(applications.shop.clientSecret, null);
    const token = await server.token({ scopes: 'accounts' });
    const { data } = await server.ask('{ accounts(first: 10) { nodes { email roles } } }', {}, token);
    assert.deepEqual(
      data.accounts.nodes.toSorted((a: { email: string }, b: { email: string }) => (a.email < b.email ? -1 : 1)),
      [
        { email: administrator.email, roles: ['administrator'] },
        { email: 'alan@example.com', roles: [] },
        { email: 'grace@example.com', roles: ['clerk'] },
      ].toSorted((a, b) => (a.email < b.email ? -1 : 1)),
    );
  });

  it('answers over HTTP by the rules, and says what it denied', async () => {
    const caller = { account: 'grace@example.com', application: 'shop' };
    const token = await server.token({ ...caller, scopes: 'orders:read profile', authenticatedAt: new Date() });
    const answer = await server.ask('{ orders fresh viewer { account { email } } }', {}, token);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data, { orders: ['Lamp'], fresh: 1, viewer: { account: { email: 'grace@example.com' } } });
    const none = await server.ask('{ orders }', {}, await server.token(caller));
    assert.equal(none.status, 403);
    assert.deepEqual(denied(none), [
      { coordinate: 'Query.orders', path: null, why: 'scope', code: 'FORBIDDEN', requiredScopes: ['orders:read'] },
    ]);
    assert.equal((await server.ask('{ orders }')).status, 401);
  });

  it('refuses expired and revoked tokens, and accepts a bound token only with its proof', async () => {
    assert.equal((await server.ask('{ __typename }', {}, await server.expired())).status, 401);
    assert.equal((await server.ask('{ __typename }', {}, await server.revoked())).status, 401);
    const { token, headers } = await server.bound();
    assert.equal((await server.ask('{ __typename }', {}, headers())).status, 200);
    assert.equal((await server.ask('{ __typename }', {}, token)).status, 401);
  });

  it('issues tokens of an application alone, with scopes that need no role', async () => {
    const token = await server.token({ account: null, application: 'back', scopes: 'orders:read' });
    assert.deepEqual((await server.ask('{ orders }', {}, token)).data, { orders: ['Lamp'] });
    const tooMuch = server.token({ account: null, application: 'back', scopes: 'orders:delete' });
    await assert.rejects(tooMuch, /which needs the role clerk/);
  });

  for (const [name, caller, fault] of [
    ['a scope that needs a role', { account: 'alan@example.com', scopes: 'orders:delete' }, /needs the role clerk/],
    ['a scope of another application', { application: 'shop', scopes: 'accounts' }, /expected some of orders:read/],
    ['a mistyped scope', { scopes: 'orders:raed' }, /"orders:raed" .*; the nearest is orders:read/],
    ['an unknown account', { account: 'mallory@example.com' }, /no account mallory@example\.com/],
    [
      'an unknown application',
      { application: 'shpo' },
      /no application shpo; expected one of shop, back, claimgate; the nearest is shop/,
    ],
    ['a mistyped member', { scope: 'profile' }, /no such option scope; expected scopes/],
  ] as const) {
    it(`issues no token that the server could not issue: ${name}`, async () => {
      await assert.rejects(
        server.token(caller as TestCaller),
        (error) => error instanceof StartError && fault.test(error.faults.join()),
      );
    });
  }

  it('reports every fault of the configuration, and leaves no server', async () => {
    const wrong: ConfigFile = { modules: [{ name: 'one', typeDefs: 'extend type Query { open: Int }' }] };
    await assert.rejects(startTestServer({ config: wrong }), /Query\.open \(module "one"\): a root field with neither/);
    await assert.rejects(
      startTestServer({ accounts: { 'grace@example.com': { roles: ['clerc'] } } }),
      /no scope requires "clerc"/,
    );
    await assert.rejects(
      startTestServer({ environment: { CLAIMGATE_ISSUER: 'https://a.example' } }),
      /is its own issuer/,
    );
  });

  it('a second server is another server, and closing it ends only it', async () => {
    {
      await using other = await startTestServer();
      assert.notEqual(other.url, server.url);
      const foreign = await server.ask('{ __typename }', {}, await other.token());
      assert.equal(foreign.status, 401);
    }
    assert.equal((await server.ask('{ __typename }', {}, await server.token())).status, 200);
  });
});

onDatabase('PostgreSQL', (kind) => {
  it('startTestServer uses the database of DATABASE_URL, and leaves it', async () => {
    const database = await kind.create();
    const environment = { DATABASE_URL: database.url };
    const first = await startTestServer({ environment, accounts: { 'grace@example.com': {} } });
    const { id } = first.accounts['grace@example.com'];
    await first.close();
    const second = await startTestServer({ environment });
    const token = await second.token({ account: 'grace@example.com', scopes: 'profile' });
    assert.equal((await second.ask('{ viewer { subject } }', {}, token)).data.viewer.subject, id);
    await second.close();
    await second.close();
    await database.drop();
  });
});

describe('startTestServerFor', () => {
  it('starts a server that fetches the keys of an issuer and accepts its tokens', async () => {
    await using issuer = await startTestIssuer({ audience: 'https://api.test/orders' });
    await using server = await startTestServerFor(issuer, { config });
    const caller = { account: 'grace', scopes: 'orders:read' };
    assert.deepEqual((await server.ask('{ orders }', {}, issuer.token(caller))).data, { orders: ['Lamp'] });
    assert.deepEqual(
      denied(await server.ask('{ orders }', {}, issuer.token({ account: 'grace' }))).map(({ why }) => why),
      ['scope'],
    );
    for (const token of [issuer.expired(caller), issuer.foreign(caller), issuer.forged(caller)]) {
      assert.equal((await server.ask('{ orders }', {}, token)).status, 401);
    }
    const { headers } = issuer.bound(caller);
    const proof = headers({ url: `${server.url}/graphql` });
    assert.deepEqual((await server.ask('{ orders }', {}, proof)).data, { orders: ['Lamp'] });
  });
});

describe('schemaOf', () => {
  it('makes the guarded schema without a database', async () => {
    const { rules } = await schemaOf(config, { DATABASE_URL: 'file:/tmp/claimgate-never-made/never.db' });
    assert.ok(rules.some(({ coordinate }) => coordinate === 'Query.orders'));
    assert.equal(existsSync('/tmp/claimgate-never-made'), false);
  });

  it('throws every fault', async () => {
    await assert.rejects(
      schemaOf({ modules: [{ name: 'one', typeDefs: 'extend type Query { open: Int }' }], scope: {} } as ConfigFile),
      (error) =>
        error instanceof StartError &&
        error.faults.some((fault) => fault.includes('config: scope: there is no such key')),
    );
  });
});
