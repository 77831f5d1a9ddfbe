import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import {
  authorizeAddress,
  codeForm,
  postForm,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const initialToken = 'the-initial-access-token-of-this-test-long-enough';
const redirectUri = 'https://shop.example/back';
const shop = { client_name: 'Shop', redirect_uris: [redirectUri] };

let server: TestServer;
let url: string;
let confidential: Awaited<ReturnType<typeof registerApplication>>;

before(async () => {
  server = await startTestServer({
    env: { CLAIMGATE_REGISTRATION_TOKEN: initialToken },
    config: `export default {
      resources: [{ audience: 'https://stock.example', scopes: { 'stock:read': { description: 'See the stock' } } }],
      scopes: { 'orders:read': { description: 'See orders' }, 'orders:all': { description: 'All', roles: ['clerk'] } },
    }`,
  });
  ({ url } = server);
  const { accessToken } = await signInFor(url, { scope: 'applications' });
  confidential = await registerApplication(url, accessToken, { scopes: ['profile', 'orders:read'] });
});
after(() => server.dispose());

async function register(metadata: object): Promise<{ status: number; body: Record<string, any> }> {
  const response = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${initialToken}` },
    body: JSON.stringify({ ...shop, ...metadata }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, any> };
}

const discover = async () =>
  (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as Record<string, any>;

describe('G-25 an authorization request without a usable scope', () => {
  /** Returns where the browser is redirected before a person signs in. */
  async function begin(parameters: Record<string, string | undefined>): Promise<URL> {
    const address = new URL(authorizeAddress(url));
    for (const [name, value] of Object.entries({ state: 's', ...parameters })) {
      if (value === undefined) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    const response = await fetch(address, { redirect: 'manual' });
    return new URL(response.headers.get('location') ?? '/none', url);
  }
  const foreign = () => ({ client_id: confidential.clientId, redirect_uri: confidential.redirectUri });

  for (const [what, scope] of [
    ['no scope', undefined],
    ['an empty scope', ''],
    ['a scope of spaces', ' '],
    ['unknown scopes', 'nothing else'],
    ['offline_access alone', 'offline_access'],
    ['a scope of another API', 'stock:read'],
    ['a scope in other letters', 'PROFILE'],
  ] as const) {
    it(`G-25 with ${what} is answered invalid_scope before a person signs in`, async () => {
      const back = await begin({ scope });
      assert.equal(back.origin, 'http://127.0.0.1:5555');
      const { error, error_description: description, state, iss } = Object.fromEntries(back.searchParams);
      assert.deepEqual([error, state, iss], ['invalid_scope', 's', url], back.href);
      if (scope?.trim()) assert.match(description ?? '', /such as openid, .*profile/);
    });
  }

  it('G-25 with an existing scope that this application may not ask for is answered invalid_scope', async () => {
    assert.equal(
      (await begin({ ...foreign(), scope: 'applications accounts' })).searchParams.get('error'),
      'invalid_scope',
    );
    const pushed = await postForm(
      url,
      '/oauth/par',
      Object.fromEntries(new URL(authorizeAddress(url, { ...foreign(), scope: 'applications' })).searchParams),
      confidential,
    );
    assert.deepEqual([pushed.status, pushed.body['error']], [400, 'invalid_scope']);
  });

  it('G-25 with one usable scope among others, openid alone, or a scope that requires a role, leads to the sign-in', async () => {
    for (const parameters of [
      { scope: 'profile nothing' },
      { scope: 'openid' },
      { scope: 'orders:all' },
      { ...foreign(), scope: 'orders:read applications' },
      { scope: 'stock:read', resource: 'https://stock.example' },
    ]) {
      const next = await begin(parameters);
      assert.match(next.pathname, /^\/interaction\//, `${JSON.stringify(parameters)}: ${next.href}`);
    }
  });
});

describe('G-26 a registration that asks for something unavailable', () => {
  const refused: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    id_token_signed_response_alg: ['RS256', /expected ES256, .*keys\.algorithm/],
    id_token_encrypted_response_alg: ['RSA-OAEP', /not encrypted/],
    id_token_encrypted_response_enc: ['A256GCM', /not encrypted/],
    userinfo_signed_response_alg: ['ES256', /no userinfo/],
    userinfo_encrypted_response_alg: ['RSA-OAEP', /no userinfo/],
    request_object_signing_alg: ['ES256', /request objects/],
    request_object_encryption_alg: ['RSA-OAEP', /request objects/],
    request_uris: [['https://shop.example/r'], /request objects/],
    require_signed_request_object: [true, /request objects/],
    jwks_uri: ['https://shop.example/keys', /never fetched/],
    sector_identifier_uri: ['https://shop.example/s', /subjects are public/],
    subject_type: ['pairwise', /expected public/],
    software_statement: ['eyJ', /software statements/],
    default_max_age: [60, /send max_age/],
    require_auth_time: [true, /send max_age/],
    default_acr_values: [['urn:x'], /send acr_values/],
    backchannel_logout_uri: ['https://shop.example/out', /sign out/],
    backchannel_logout_session_required: [true, /sign out/],
    frontchannel_logout_uri: ['https://shop.example/out', /sign out/],
    tls_client_auth_subject_dn: ['CN=shop', /certificates/],
    tls_client_certificate_bound_access_tokens: [true, /dpop_bound_access_tokens/],
    authorization_signed_response_alg: ['ES256', /not signed/],
    introspection_signed_response_alg: ['ES256', /not signed/],
    authorization_details_types: [['payment'], /use scope/],
    backchannel_token_delivery_mode: ['poll', /another device/],
    token_endpoint_auth_signing_alg: ['ES256', /expected jwks beside it/],
    scope: ['accounts audit nothing', /expected at least one of openid, .*profile/],
  };
  for (const [name, [value, description]] of Object.entries(refused)) {
    it(`G-26 ${name}: ${JSON.stringify(value)} is refused with advice`, async () => {
      const { status, body } = await register({ [name]: value });
      assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata'], JSON.stringify(body));
      assert.ok(body['error_description'].startsWith(`${name}: `), body['error_description']);
      assert.match(body['error_description'], description);
    });
  }

  it('G-26 a value that this server fulfils anyway is accepted and returned', async () => {
    const { status, body } = await register({
      id_token_signed_response_alg: 'ES256',
      subject_type: 'public',
      require_auth_time: false,
      tls_client_certificate_bound_access_tokens: false,
      request_uris: [],
      default_max_age: null,
      jwks_uri: null,
    });
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual([body['id_token_signed_response_alg'], body['subject_type']], ['ES256', 'public']);
    // The registration response must state the algorithm, because the default of the specification is RS256.
    assert.equal((await register({})).body['id_token_signed_response_alg'], 'ES256');
  });

  it('G-26 token_endpoint_auth_signing_alg binds each key', async () => {
    const { publicKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'PS256' };
    const { status, body } = await register({ ...metadata, jwks: { keys: [jwk] } });
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual([body['jwks'].keys[0].alg, body['token_endpoint_auth_signing_alg']], ['PS256', 'PS256']);
    const other = await register({ ...metadata, jwks: { keys: [{ ...jwk, alg: 'RS256' }] } });
    assert.match(other.body['error_description'], /^token_endpoint_auth_signing_alg: expected the alg of each key/);
    const unknown = await register({ ...metadata, token_endpoint_auth_signing_alg: 'HS256', jwks: { keys: [jwk] } });
    assert.match(unknown.body['error_description'], /^token_endpoint_auth_signing_alg: expected ES256, /);
  });

  it('G-26 discovery states the scopes of every API, the algorithm of ID tokens, and the authentication methods of each endpoint', async () => {
    const document = await discover();
    const scopes = new Set(document['scopes_supported']);
    for (const scope of ['openid', 'profile', 'accounts', 'orders:read', 'orders:all', 'stock:read'])
      assert.ok(scopes.has(scope), scope);
    assert.deepEqual(document['id_token_signing_alg_values_supported'], ['ES256']);
    const methods = document['token_endpoint_auth_methods_supported'];
    assert.deepEqual(document['revocation_endpoint_auth_methods_supported'], methods);
    assert.deepEqual(
      document['introspection_endpoint_auth_methods_supported'],
      methods.filter((method: string) => method !== 'none'),
    );
  });

  it('G-26 a server with RS256 keys signs ID tokens with RS256 for clients that ask for it', async () => {
    const rsa = await startTestServer({
      env: { CLAIMGATE_REGISTRATION_TOKEN: initialToken },
      config: "export default { keys: { algorithm: 'RS256' } }",
    });
    try {
      const response = await fetch(`${rsa.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${initialToken}` },
        body: JSON.stringify({ ...shop, id_token_signed_response_alg: 'RS256' }),
      });
      assert.equal(response.status, 201);
      const { idToken } = await signInFor(rsa.url, { scope: 'openid profile' });
      const [header = ''] = (idToken ?? '').split('.');
      assert.equal(JSON.parse(Buffer.from(header, 'base64url').toString()).alg, 'RS256');
      const document = (await (await fetch(`${rsa.url}/.well-known/openid-configuration`)).json()) as Record<
        string,
        any
      >;
      assert.deepEqual(document['id_token_signing_alg_values_supported'], ['RS256']);
    } finally {
      await rsa.dispose();
    }
  });
});

describe('G-27 an empty secret in HTTP Basic authentication', () => {
  const publicClient = { clientId: 'claimgate', clientSecret: '' };

  it('G-27 counts as none: a public client gets, refreshes and revokes tokens with it', async () => {
    const { client_id: _, ...form } = codeForm((await requestCode(url, { scope: 'openid profile' })).input);
    const { status, body } = await postForm(url, '/oauth/token', form, publicClient);
    assert.equal(status, 200, JSON.stringify(body));
    const { status: again, body: refreshed } = await postForm(
      url,
      '/oauth/token',
      { grant_type: 'refresh_token', refresh_token: body['refresh_token'] },
      publicClient,
    );
    assert.equal(again, 200, JSON.stringify(refreshed));
    const revoked = await postForm(url, '/oauth/revoke', { token: refreshed['access_token'] }, publicClient);
    assert.equal(revoked.status, 200);
  });

  it('G-27 may be sent together with the same client ID in the body', async () => {
    const form = codeForm((await requestCode(url)).input);
    const other = await postForm(url, '/oauth/token', { ...form, client_id: confidential.clientId }, publicClient);
    assert.deepEqual([other.status, other.body['error']], [400, 'invalid_request']);
    assert.equal((await postForm(url, '/oauth/token', form, publicClient)).status, 200);
  });

  it('G-27 begins a pushed request of a public client', async () => {
    const { client_id: _, ...parameters } = Object.fromEntries(new URL(authorizeAddress(url)).searchParams);
    const pushed = await postForm(url, '/oauth/par', parameters, publicClient);
    assert.equal(pushed.status, 201, JSON.stringify(pushed.body));
  });

  it('G-27 authenticates no client: a confidential one, an unknown one and introspection are refused with a challenge', async () => {
    const form = { grant_type: 'client_credentials' };
    for (const clientId of [confidential.clientId, 'nobody', '%70%C3%A4', 'claim%67ate%']) {
      const { status, headers, body } = await postForm(url, '/oauth/token', form, { clientId, clientSecret: '' });
      if (clientId.endsWith('%')) assert.deepEqual([status, body['error']], [400, 'invalid_request']);
      else {
        assert.deepEqual([status, body['error']], [401, 'invalid_client']);
        assert.match(headers.get('www-authenticate') ?? '', /^Basic realm="/);
      }
    }
    const asked = await postForm(url, '/oauth/introspect', { token: 'x' }, publicClient);
    assert.deepEqual([asked.status, asked.body['error']], [401, 'invalid_client']);
  });

  it('G-27 with a secret in the body, the secret counts', async () => {
    const fields = { grant_type: 'refresh_token', refresh_token: 'x', client_secret: confidential.clientSecret };
    const right = await postForm(url, '/oauth/token', fields, { clientId: confidential.clientId, clientSecret: '' });
    // The application is registered for client_secret_basic. The library accepts the secret in the header or in the
    // body.
    assert.equal(right.body['error'], 'invalid_grant');
    const wrong = await postForm(
      url,
      '/oauth/token',
      { ...fields, client_secret: 'wrong' },
      { clientId: confidential.clientId, clientSecret: '' },
    );
    assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client']);
  });
});
