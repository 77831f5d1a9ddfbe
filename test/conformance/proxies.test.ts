import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { query } from '../support/client.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `export default { modules: [{
  name: 'addresses',
  typeDefs: 'extend type Query { address: String @public } type Subscription { address: String @public }',
  resolvers: {
    Query: { address: (_query, _arguments, { address }) => address },
    Subscription: { address: { subscribe: async function* (_s, _arguments, { address }) { yield { address }; } } },
  },
}] };`;

async function addressOver(server: TestServer, headers: Record<string, string>): Promise<unknown> {
  return (await query(server.own, '{ address }', { headers })).body.data.address;
}

/** Headers that an attacker may forge. */
const forged = {
  'x-forwarded-for': '203.0.113.9',
  forwarded: 'for=203.0.113.9',
  'x-real-ip': '203.0.113.9',
  'true-client-ip': '203.0.113.9',
  'cf-connecting-ip': '203.0.113.9',
};

describe('the address of a caller', () => {
  let alone: TestServer;
  let behind: TestServer;
  before(async () => {
    [alone, behind] = await Promise.all([
      startTestServer({ config }),
      startTestServer({ config, env: { CLAIMGATE_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' } }),
    ]);
  });
  after(() => Promise.all([alone.dispose(), behind.dispose()]));

  it('is the address of the connection, for any headers', async () => {
    assert.equal(await addressOver(alone, forged), '127.0.0.1');
  });

  it('in a header of an unlisted proxy is reported in the log once, without the address', async () => {
    for (const _ of [1, 2]) await addressOver(alone, forged);
    const warnings = () => alone.output().split('name it in CLAIMGATE_TRUSTED_PROXIES').length - 1;
    await until(() => warnings() > 0);
    assert.equal(warnings(), 1);
    assert.doesNotMatch(alone.output(), /203\.0\.113/);
    assert.doesNotMatch(behind.output(), /CLAIMGATE_TRUSTED_PROXIES/);
  });

  it('is the one that a trusted proxy states', async () => {
    assert.equal(await addressOver(behind, { 'x-forwarded-for': '203.0.113.7' }), '203.0.113.7');
    assert.equal(await addressOver(behind, { 'x-forwarded-for': '2001:db8::7' }), '2001:db8::7');
  });

  it("is the nearest address that is not a trusted proxy; the caller's own header values are ignored", async () => {
    assert.equal(await addressOver(behind, { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' }), '203.0.113.7');
    assert.equal(
      await addressOver(behind, { 'x-forwarded-for': '198.51.100.1, 203.0.113.7, 10.1.2.3' }),
      '203.0.113.7',
    );
  });

  it('is the address of the connection if a trusted proxy states none, and other headers are ignored', async () => {
    const { 'x-forwarded-for': _, ...others } = forged;
    assert.equal(await addressOver(behind, {}), '127.0.0.1');
    assert.equal(await addressOver(behind, others), '127.0.0.1');
  });

  it('is the same over server-sent events', async () => {
    for (const [server, expected] of [
      [alone, '127.0.0.1'],
      [behind, '203.0.113.7'],
    ] as const) {
      const response = await fetch(`${server.own}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'x-forwarded-for': '203.0.113.7',
        },
        body: JSON.stringify({ query: 'subscription { address }' }),
      });
      assert.match(await response.text(), new RegExp(`"address":"${expected}"`));
    }
  });

  it('is the same over WebSocket', async () => {
    for (const [server, expected] of [
      [alone, '127.0.0.1'],
      [behind, '203.0.113.7'],
    ] as const) {
      class Forwarded extends WebSocket {
        constructor(address: string, protocols: string[]) {
          super(address, protocols, { headers: { 'x-forwarded-for': '203.0.113.7' } });
        }
      }
      const client = createClient({
        url: `${server.own.replace('http', 'ws')}/graphql`,
        webSocketImpl: Forwarded,
        retryAttempts: 0,
      });
      const { value } = await client.iterate({ query: 'subscription { address }' }).next();
      assert.deepEqual(value, { data: { address: expected } });
      await client.dispose();
    }
  });

  it('D-4 and no other header of a trusted proxy is used: none changes a URL in the answer', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-port': '64666',
      forwarded: 'host=evil.example;proto=gopher',
    };
    for (const path of [
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource',
      '/oauth/jwks',
      '/oauth/authorize?client_id=claimgate',
      '/',
      '/graphql',
    ]) {
      const response = await fetch(behind.own + path, { headers, redirect: 'manual' });
      const printed = `${JSON.stringify([...response.headers])} ${await response.text()}`;
      assert.doesNotMatch(printed, /evil|gopher|:64666/, path);
    }
    const { headers: answered } = await query(behind.own, '{ viewer { subject } }', { headers });
    assert.doesNotMatch(answered.get('www-authenticate') ?? '', /evil|gopher/);
  });
});
