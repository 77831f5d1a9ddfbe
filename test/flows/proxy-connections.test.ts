import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exchangeMutation, query, refreshMutation, revokeMutation, type TokenPayload } from '../support/client.ts';
import { type Outside, startOutside } from '../support/outside.ts';
import { freePort, until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type RunningProxy, startProxy, withoutProxy } from '../support/tinyproxy.ts';
import { keySet, makeKey, sign } from '../support/tokens.ts';

const host = 'issuer.test';
const issuer = `https://${host}`;
const clientId = 'shop';
const clientSecret = 'the secret of a connection';
const redirectUri = 'https://app.example/callback';
const key = makeKey();
const credentials = { user: 'claimgate', password: 'hunter2hunter2' };

const beginMutation = `mutation ($input: BeginAuthorizationInput!) {
  beginAuthorization(input: $input) {
    ... on BegunAuthorization { authorizationUrl transaction expiresIn }
    ... on OAuthError { error errorDescription }
  }
}`;

describe('G-16 connections to issuers go through a real proxy', { skip: withoutProxy }, () => {
  let outside: Outside;
  let proxy: RunningProxy;
  /** The nonce of the next ID token. */
  let nonce = '';

  before(async () => {
    outside = await startOutside(host, (path) => {
      if (path === '/jwks') return keySet(key);
      if (path === '/revoke') return {};
      if (path !== '/token') {
        return {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          revocation_endpoint: `${issuer}/revoke`,
          jwks_uri: `${issuer}/jwks`,
        };
      }
      const now = Math.floor(Date.now() / 1_000);
      const payload = { iss: issuer, sub: 'ada', aud: clientId, iat: now, exp: now + 60, nonce };
      return {
        access_token: 'an access token',
        token_type: 'Bearer',
        refresh_token: 'a refresh token',
        id_token: sign(key, { header: { typ: 'JWT' }, payload }),
      };
    });
    proxy = await startProxy(outside.outPort, credentials);
  });
  after(async () => {
    await proxy?.stop();
    await outside?.stop();
  });

  const { user, password } = credentials;
  const serverWith = (env: Record<string, string>): Promise<TestServer> =>
    startTestServer({
      config: `export default { connections: [${JSON.stringify({ name: 'one', issuer, clientId, clientSecret, redirectUris: [redirectUri] })}] };`,
      env: {
        CLAIMGATE_KEY: Buffer.alloc(32, 1).toString('base64'),
        NODE_EXTRA_CA_CERTS: outside.authority,
        ...env,
      },
    });
  const send = async (server: TestServer, mutation: string, input: object): Promise<TokenPayload> => {
    const { body } = await query(server.url, mutation, { variables: { input } });
    const [payload] = Object.values<TokenPayload>(body.data ?? {});
    assert.ok(payload, JSON.stringify(body));
    return payload;
  };
  const begin = (server: TestServer) => send(server, beginMutation, { connection: 'one', redirectUri });

  it('G-16 metadata, keys, exchange, refresh and revocation, each as CONNECT with the password', async () => {
    const server = await serverWith({ HTTPS_PROXY: `http://${user}:${password}@127.0.0.1:${proxy.port}` });
    try {
      const { authorizationUrl, transaction } = await begin(server);
      const { searchParams } = new URL(authorizationUrl);
      nonce = searchParams.get('nonce') ?? '';
      const state = searchParams.get('state') ?? '';
      const tokens = await send(server, exchangeMutation, {
        connection: { connection: 'one', transaction, state, code: 'a code' },
      });
      assert.equal(tokens.accessToken, 'an access token', JSON.stringify(tokens));
      const renewed = await send(server, refreshMutation, { connection: 'one', refreshToken: tokens.refreshToken });
      assert.equal(renewed.accessToken, 'an access token', JSON.stringify(renewed));
      await send(server, revokeMutation, { connection: 'one', token: renewed.refreshToken });
      for (const path of ['/.well-known/openid-configuration', '/jwks', '/token', '/token', '/revoke']) {
        assert.ok(outside.asked.includes(path), `${path} was not asked`);
      }
      assert.equal(outside.asked.filter((path) => path === '/token').length, 2);
      assert.ok(outside.tunnels.every((tunnel) => tunnel === `${host}:443`));
      assert.doesNotMatch(server.output(), /hunter2|secret of a connection/);
    } finally {
      await server.dispose();
    }
  });

  it('G-16 a failure names its variable, without the password, and NO_PROXY is respected', async () => {
    const tunnels = outside.tunnels.length;
    const gone = await freePort();
    for (const [env, expected] of [
      [
        { HTTPS_PROXY: `http://claimgate:hunter2@127.0.0.1:${gone}` },
        /ECONNREFUSED \(ECONNREFUSED, through HTTPS_PROXY\)/,
      ],
      [
        { https_proxy: `http://claimgate:hunter2@127.0.0.1:${proxy.port}` },
        /PROXY_REFUSED \(it answered 40[17], through https_proxy\)/,
      ],
      [
        { HTTPS_PROXY: `http://${user}:${password}@127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: '' },
        /UNABLE_TO_VERIFY_LEAF_SIGNATURE \(NODE_EXTRA_CA_CERTS does not name its authority\)/,
      ],
      [{ HTTPS_PROXY: `http://${user}:${password}@127.0.0.1:${proxy.port}`, NO_PROXY: host }, /ENOTFOUND|EAI_AGAIN/],
    ] as const) {
      const server = await serverWith(env);
      try {
        assert.equal((await begin(server)).error, 'temporarily_unavailable');
        await until(() => expected.test(server.output()));
        assert.doesNotMatch(server.output(), /hunter2|secret of a connection/);
      } finally {
        await server.dispose();
      }
    }
    // Only the case with the untrusted certificate opened a tunnel.
    assert.equal(outside.tunnels.length, tunnels + 1);
  });
});
