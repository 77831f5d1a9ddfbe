import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../support/server.ts';

const allowed = 'https://app.example.com';
const alsoAllowed = 'http://localhost:3000';

/** Origins that resemble an allowed origin. */
const strangers = [
  'null',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://sub.app.example.com',
  'https://example.com',
  'http://app.example.com',
  'https://app.example.com:444',
  'https://app.example.com:443',
  'https://APP.example.com',
  'HTTPS://app.example.com',
  'https://app.example.com/',
  'https://app.example.com.',
  'https://app.example.com%60.evil.example',
  'https://app.example.com, https://evil.example',
  'https://app.example.com https://evil.example',
  'https://evil.example, https://app.example.com',
  'http://localhost:3001',
  'http://localhost',
  'http://127.0.0.1:3000',
  '*',
  'https://evil.example',
];

const open = [
  '/graphql?query={__typename}',
  '/oauth/jwks',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/graphql',
];
/**
 * F-5: otherwise each visitor of a web page could be made to guess from another address, and to lock that address out.
 */
const posted = ['/oauth/token', '/oauth/revoke', '/oauth/introspect', '/oauth/par'];

describe('pages of other origins', () => {
  let server: TestServer;
  let closed: TestServer;
  before(async () => {
    [server, closed] = await Promise.all([
      startTestServer({
        env: {
          CLAIMGATE_ALLOWED_ORIGINS: `${allowed}, ${alsoAllowed}`,
          CLAIMGATE_METRICS_TOKEN: 'the metrics token of the tests, long enough',
        },
      }),
      startTestServer(),
    ]);
  });
  after(() => Promise.all([server.dispose(), closed.dispose()]));

  const get = (path: string, origin: string, headers: Record<string, string> = {}) =>
    fetch(server.own + path, {
      headers: { origin, 'apollo-require-preflight': 'x', ...headers },
      redirect: 'manual',
    });
  const post = (path: string, origin: string | undefined, fields: Record<string, string> = {}) =>
    fetch(server.own + path, {
      method: 'POST',
      headers: origin === undefined ? {} : { origin },
      body: new URLSearchParams(fields),
    });
  const preflight = (path: string, origin: string, method: string, at: TestServer = server) =>
    fetch(at.own + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,dpop',
      },
    });
  const corsHeaders = ({ headers }: Response) =>
    [...headers.keys()].filter(
      (name) => name.startsWith('access-control-') && name !== 'access-control-expose-headers',
    );

  for (const path of open) {
    it(`${path} may be read from an allowed origin, which the answer names exactly`, async () => {
      for (const origin of [allowed, alsoAllowed]) {
        const { status, headers } = await get(path, origin);
        assert.equal(status, 200);
        assert.equal(headers.get('access-control-allow-origin'), origin);
        assert.match(headers.get('vary') ?? '', /\bOrigin\b/);
        assert.equal(headers.get('access-control-allow-credentials'), null);
        assert.match(headers.get('access-control-expose-headers') ?? '', /WWW-Authenticate, DPoP-Nonce, Retry-After/);
      }
    });

    it(`${path} may not be read from an origin that only resembles an allowed one`, async () => {
      for (const origin of strangers) {
        const response = await get(path, origin);
        assert.deepEqual(corsHeaders(response), [], origin);
        assert.match(response.headers.get('vary') ?? '', /\bOrigin\b/);
      }
    });
  }

  for (const path of ['/graphql', ...posted]) {
    it(`a preflight of ${path} is answered to allowed origins`, async () => {
      const { status, headers } = await preflight(path, allowed, 'POST');
      assert.equal(status, 204);
      assert.equal(headers.get('access-control-allow-origin'), allowed);
      assert.match(headers.get('access-control-allow-methods') ?? '', /\bPOST\b/);
      const taken = (headers.get('access-control-allow-headers') ?? '').split(', ');
      for (const name of [
        'authorization',
        'content-type',
        'dpop',
        'apollo-require-preflight',
        'x-apollo-operation-name',
      ]) {
        assert.ok(taken.includes(name), name);
      }
      assert.equal(headers.get('access-control-allow-credentials'), null);
    });
  }

  it('a preflight from any other origin gets no CORS headers and an error status', async () => {
    for (const path of ['/graphql', ...posted, '/oauth/jwks', '/.well-known/openid-configuration']) {
      for (const origin of strangers) {
        const response = await preflight(path, origin, 'POST');
        assert.equal(response.status, 405, `${path} ${origin}`);
        assert.deepEqual(corsHeaders(response), [], `${path} ${origin}`);
      }
      assert.equal((await preflight(path, allowed, 'POST', closed)).status, 405);
    }
  });

  it('a refusal and its challenge may be read by an allowed origin', async () => {
    const response = await fetch(`${server.own}/graphql`, {
      method: 'POST',
      headers: { origin: allowed, 'content-type': 'application/json', authorization: 'Bearer nonsense' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('access-control-allow-origin'), allowed);
    const malformed = await fetch(`${server.own}/graphql`, {
      method: 'POST',
      headers: { origin: allowed, 'content-type': 'application/json' },
      body: '{',
    });
    assert.deepEqual([malformed.status, malformed.headers.get('access-control-allow-origin')], [400, allowed]);
  });

  for (const path of posted) {
    it(`${path} answers pages of allowed origins and of our own, and clients that are not pages, and refuses other pages`, async () => {
      const fields = { client_id: 'nobody', grant_type: 'refresh_token', refresh_token: 'x', token: 'x' };
      for (const origin of [allowed, server.url, undefined]) {
        const response = await post(path, origin, fields);
        assert.equal(response.status, 401);
        assert.match(await response.text(), /"error":"invalid_client"/);
        assert.equal(response.headers.get('access-control-allow-origin'), origin === allowed ? allowed : null);
      }
      for (const origin of strangers) {
        const response = await post(path, origin, fields);
        assert.equal(response.status, 400, origin);
        assert.match(await response.text(), /"error":"invalid_request"/);
        assert.deepEqual(corsHeaders(response), [], origin);
      }
    });
  }

  it('no page of another origin can read the sign-in pages, the metrics or the health checks', async () => {
    for (const path of [
      '/oauth/authorize?client_id=claimgate&response_type=code',
      '/oauth/authorize?client_id=nobody',
      '/oauth/authorize/x',
      '/interaction/x',
      '/metrics',
      '/health/ready',
      '/nowhere',
    ]) {
      assert.deepEqual(corsHeaders(await get(path, allowed)), [], path);
      assert.deepEqual(corsHeaders(await preflight(path, allowed, 'GET')), [], path);
    }
  });

  it('a page of an allowed origin may open a WebSocket, and a page of a similar origin may not', async () => {
    const address = `${server.own.replace('http', 'ws')}/graphql`;
    for (const origin of [allowed, alsoAllowed, server.url]) {
      const socket = new WebSocket(address, 'graphql-transport-ws', { origin });
      await once(socket, 'open');
      socket.close();
    }
    for (const origin of strangers) {
      const socket = new WebSocket(address, 'graphql-transport-ws', { origin });
      await assert.rejects(once(socket, 'open'), /403/, origin);
    }
  });

  it('server-sent events may be read only from an allowed origin', async () => {
    for (const [origin, expected] of [
      [allowed, allowed],
      ['https://evil.example', null],
    ] as const) {
      const response = await fetch(`${server.own}/graphql`, {
        method: 'POST',
        headers: { origin, accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('access-control-allow-origin'), expected);
      await response.body?.cancel();
    }
  });
});
