import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let document: Record<string, any>;

before(async () => {
  server = await startTestServer();
  document = (await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()) as Record<string, any>;
});
after(() => server.dispose());

describe('RFC 8414 the discovery document', () => {
  it('is the same for OpenID Connect and for OAuth', async () => {
    const other = await fetch(`${server.url}/.well-known/oauth-authorization-server`);
    assert.deepEqual(await other.json(), document);
    assert.equal(document['issuer'], server.url);
  });

  it('names endpoints that exist', async () => {
    const named = Object.entries(document).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
    const paths = named.map(([name, url]) => [name, String(url).slice(server.url.length)]);
    for (const [name, path] of Object.entries({
      authorization_endpoint: '/oauth/authorize',
      token_endpoint: '/oauth/token',
      revocation_endpoint: '/oauth/revoke',
      introspection_endpoint: '/oauth/introspect',
      pushed_authorization_request_endpoint: '/oauth/par',
      jwks_uri: '/oauth/jwks',
    })) {
      assert.equal(Object.fromEntries(paths)[name], path);
    }
    for (const [name, url] of named) {
      const method = name.startsWith('token') || /revocation|introspection|pushed/.test(name) ? 'POST' : 'GET';
      const { status } = await fetch(String(url), { method, redirect: 'manual' });
      assert.ok(status !== 404 && status < 500, `${name}: ${status}`);
    }
  });

  it('leaves out endpoints that are disabled and do not exist', async () => {
    for (const name of ['registration_endpoint', 'userinfo_endpoint', 'device_authorization_endpoint']) {
      assert.equal(document[name], undefined);
    }
    for (const path of ['/oauth/register', '/reg', '/me', '/device', '/token', '/token/introspection', '/request']) {
      assert.equal((await fetch(server.url + path, { method: 'POST' })).status, 404, path);
    }
  });

  it('lists grant types, client authentication methods and PKCE methods', () => {
    assert.deepEqual(
      new Set(document['grant_types_supported']),
      new Set(['authorization_code', 'refresh_token', 'client_credentials']),
    );
    assert.deepEqual(
      new Set(document['token_endpoint_auth_methods_supported']),
      new Set(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']),
    );
    assert.deepEqual(document['response_types_supported'], ['code']);
    assert.deepEqual(document['code_challenge_methods_supported'], ['S256']);
    assert.equal(document['authorization_response_iss_parameter_supported'], true);
    assert.equal(document['request_uri_parameter_supported'], false);
    assert.notEqual(document['request_parameter_supported'], true);
  });

  it('lists no symmetric algorithm and not `none`', () => {
    const lists = Object.entries(document).filter(([name]) => name.endsWith('_alg_values_supported'));
    assert.ok(lists.some(([name]) => name === 'token_endpoint_auth_signing_alg_values_supported'));
    assert.ok(lists.some(([name]) => name === 'dpop_signing_alg_values_supported'));
    for (const [name, algorithms] of lists) {
      assert.ok(algorithms.length > 0, name);
      for (const algorithm of algorithms) assert.doesNotMatch(algorithm, /^(HS|A\d|dir|none)/i, name);
    }
  });

  it('lists the proof algorithms that the API accepts too', async () => {
    const answer = await fetch(`${server.url}/.well-known/oauth-protected-resource`);
    const metadata = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(metadata['dpop_signing_alg_values_supported'], document['dpop_signing_alg_values_supported']);
  });
});
