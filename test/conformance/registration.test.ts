import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  dynamicClientRegistration,
  PrivateKeyJwt,
  clientCredentialsGrant,
  randomPKCECodeVerifier,
} from 'openid-client';
import { authorizeAddress, query, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { authorize, Person } from '../support/person.ts';
import { until } from '../support/process.ts';
import { explorerClientId, firstPartyClientId } from '../../src/identity/applications/first-party.ts';
import { admin, startTestServer, type TestServer, withStore } from '../support/server.ts';

const initialToken = 'the initial access token of this test, long enough'.replaceAll(' ', '-');
const native = {
  client_name: 'Notebook',
  redirect_uris: ['http://127.0.0.1/back'],
  token_endpoint_auth_method: 'none',
};

interface Registered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, any>;
}

async function post(
  url: string,
  metadata: unknown,
  { token, ...headers }: Record<string, string> = {},
): Promise<Registered> {
  const response = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, any> };
}

onDatabaseOrEach('PostgreSQL', (database) => {
  let server: TestServer;
  let url: string;

  before(async () => {
    server = await startTestServer({ database, env: { CLAIMGATE_REGISTRATION_TOKEN: initialToken } });
    ({ url } = server);
  });
  after(() => server.dispose());

  const register = (metadata: unknown, headers: Record<string, string> = {}) =>
    post(url, metadata, { token: initialToken, ...headers });

  describe('RFC 7591 an application that registers itself', () => {
    it('is found by discovery, registered, and signed in to by its secret, with openid-client', async () => {
      const redirectUri = 'https://self.example/back';
      const configuration = await dynamicClientRegistration(
        new URL(url),
        { client_name: 'Self', redirect_uris: [redirectUri] },
        ClientSecretBasic(),
        { initialAccessToken: initialToken, execute: [allowInsecureRequests] },
      );
      const verifier = randomPKCECodeVerifier();
      const address = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const callback = await authorize(address, { account: admin });
      const tokens = await authorizationCodeGrant(configuration, callback, {
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      // RFC 7591 §2: the default is the code grant only.
      assert.equal(tokens.refresh_token, undefined);
      const { body } = await query(url, '{ viewer { account { email } } }', { token: tokens.access_token });
      assert.equal(body.data?.viewer.account.email, admin.email);
    });

    it('gets everything that is stored of it in the answer, and only a hash of its secret is stored', async () => {
      const { status, headers, body } = await register({
        client_name: ' Shop ',
        redirect_uris: ['https://shop.example/back'],
        post_logout_redirect_uris: ['https://shop.example/bye'],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code'],
        scope: 'openid profile accounts offline_access nothing',
        dpop_bound_access_tokens: true,
        require_pushed_authorization_requests: true,
        logo_uri: 'http://127.0.0.1:1/logo.png',
        contacts: ['ada@shop.example'],
        software_id: 'shop',
        a_member_of_the_future: true,
        client_id: 'claimgate',
        client_secret: 'a secret of its own',
      });
      assert.equal(status, 201);
      assert.equal(headers.get('cache-control'), 'no-store');
      const { client_id: id, client_secret: secret, client_id_issued_at: at, ...rest } = body;
      assert.match(id, /^[0-9a-f]{24}$/);
      assert.match(secret, /^[\w-]{43}$/);
      assert.ok(Math.abs(at - Date.now() / 1_000) < 60);
      assert.deepEqual(rest, {
        client_secret_expires_at: 0,
        client_name: 'Shop',
        redirect_uris: ['https://shop.example/back'],
        post_logout_redirect_uris: ['https://shop.example/bye'],
        application_type: 'web',
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code'],
        scope: 'openid profile',
        dpop_bound_access_tokens: true,
        require_pushed_authorization_requests: true,
        id_token_signed_response_alg: 'ES256',
        subject_type: 'public',
      });
      const row = await withStore(server, (store) =>
        store.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
      );
      assert.equal(row.registered_by, null);
      assert.ok(!JSON.stringify(row).includes(secret));
      assert.ok(!server.output().includes(secret));
    });

    it('authenticates with the keys that it sent', async () => {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      const configuration = await dynamicClientRegistration(
        new URL(url),
        {
          grant_types: ['client_credentials'],
          response_types: [],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [await exportJWK(publicKey)] },
        },
        PrivateKeyJwt(privateKey),
        { initialAccessToken: initialToken, execute: [allowInsecureRequests] },
      );
      assert.equal(configuration.clientMetadata().client_secret, undefined);
      const { access_token: token } = await clientCredentialsGrant(configuration, { scope: 'profile' });
      assert.match(token, /^eyJ/);
    });

    it('is native if its redirect URI is on the device, may be public, and gets refresh tokens if it asks for them', async () => {
      const { body } = await register({ ...native, grant_types: ['authorization_code', 'refresh_token'] });
      assert.equal(body['application_type'], 'native');
      assert.equal(body['client_secret'], undefined);
      const options = { clientId: body['client_id'], redirectUri: 'http://127.0.0.1:6000/back', scope: 'profile' };
      const tokens = await signInFor(url, options);
      assert.ok(tokens.refreshToken);
    });

    it('gets no scope that requires a role, even if an administrator signs in', async () => {
      const { body } = await register({ ...native, scope: 'profile accounts audit keys' });
      const options = {
        clientId: body['client_id'],
        redirectUri: 'http://127.0.0.1:6000/back',
        scope: 'profile accounts audit keys',
      };
      assert.deepEqual((await signInFor(url, options)).scope, ['profile']);
    });

    it('has a consent page that says that no person here has looked at it', async () => {
      const { body } = await register(native);
      const words = /registered itself: nobody here has looked at it/;
      const consent = async (clientId: string, redirectUri: string) => {
        const person = new Person();
        const address = authorizeAddress(url, { client_id: clientId, redirect_uri: redirectUri });
        const page = await person.follow(await person.get(address), url);
        const { email, password } = admin;
        return person.follow(await person.submit(page, 'sign-in', { email, password, decision: 'sign-in' }), url);
      };
      assert.match((await consent(body['client_id'], 'http://127.0.0.1:6000/back')).html, words);
      assert.doesNotMatch((await consent('claimgate', 'http://127.0.0.1:5555/callback')).html, words);
    });

    it('can be listed and deleted by administrators, and is in the audit trail', async () => {
      const { body } = await register(native);
      const { accessToken: token } = await signInFor(url, { scope: 'applications accounts audit' });
      const found = await query(
        url,
        'query ($id: String!) { application(clientId: $id) { id name registeredBy { email } } }',
        { token, variables: { id: body['client_id'] } },
      );
      const { id, ...rest } = found.body.data.application;
      assert.deepEqual(rest, { name: 'Notebook', registeredBy: null });
      const deletion = 'mutation ($id: ID!) { deleteApplication(input: { id: $id }) { application { name } } }';
      const deleted = await query(url, deletion, { token, variables: { id } });
      assert.equal(deleted.body.errors, undefined);
      const facts = () =>
        withStore(server, (store) =>
          store.selectFrom('audit_events').selectAll().where('type', '=', 'application_registered').execute(),
        );
      // The server writes these audit events once a second.
      await until(async () =>
        (await facts()).some(
          ({ client_id, detail }) => client_id === body['client_id'] && detail === 'registered itself',
        ),
      );
    });
  });

  describe('RFC 7591 §3.2.2 registration refuses', () => {
    const cases: Record<string, readonly [unknown, string, RegExp]> = {
      'no JSON': ['{', 'invalid_client_metadata', /expected a JSON object/],
      'no object': [[], 'invalid_client_metadata', /expected a JSON object/],
      'no redirect URI': [{}, 'invalid_redirect_uri', /^redirect_uris: expected 1 to 10/],
      'a redirect URI that is not a string': [{ redirect_uris: [1] }, 'invalid_redirect_uri', /an array of strings/],
      'plain http': [{ redirect_uris: ['http://shop.example/'] }, 'invalid_redirect_uri', /127\.0\.0\.1/],
      'a script': [{ redirect_uris: ['javascript:alert(1)//'] }, 'invalid_redirect_uri', /reversed domain name/],
      'a fragment': [{ redirect_uris: ['https://shop.example/#a'] }, 'invalid_redirect_uri', /fragment/],
      'the name of the server': [{ ...native, client_name: 'Claimgate' }, 'invalid_client_metadata', /^client_name: /],
      'F-8 a name that looks like the server’s': [
        { ...native, client_name: 'ᴄʟᴀɪᴍɢᴀᴛᴇ' },
        'invalid_client_metadata',
        /^client_name: expected a name of its own: this one looks like Claimgate/,
      ],
      'F-8 the host of the server': [
        { ...native, client_name: 'Localhost' },
        'invalid_client_metadata',
        /^client_name: .* looks like the address of the server/,
      ],
      'a name of two lines': [{ ...native, client_name: 'a\nb' }, 'invalid_client_metadata', /^client_name: /],
      'an implicit grant': [
        { ...native, grant_types: ['implicit'] },
        'invalid_client_metadata',
        /^grant_types: expected/,
      ],
      'a token from the front': [
        { ...native, response_types: ['token'] },
        'invalid_client_metadata',
        /^response_types: /,
      ],
      'a client that proves nothing, with client credentials': [
        { ...native, grant_types: ['client_credentials'], redirect_uris: [] },
        'invalid_client_metadata',
        /RFC 6749 §4\.4/,
      ],
      'keys at another address': [
        { ...native, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://shop.example/keys' },
        'invalid_client_metadata',
        /^jwks_uri: expected to be left out: keys are given as jwks, and never fetched/,
      ],
      'a private key': [
        { ...native, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', d: 'AA' }] } },
        'invalid_client_metadata',
        /private or symmetric key/,
      ],
      'keys without end': [
        `{"token_endpoint_auth_method":"private_key_jwt","redirect_uris":["https://a.example/"],"jwks":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
        'invalid_client_metadata',
        /^jwks: /,
      ],
      'an unknown way to prove oneself': [
        { ...native, token_endpoint_auth_method: 'client_secret_jwt' },
        'invalid_client_metadata',
        /^token_endpoint_auth_method: expected none, /,
      ],
      'a flag that is a text': [
        { ...native, dpop_bound_access_tokens: 'true' },
        'invalid_client_metadata',
        /^dpop_bound_access_tokens: expected true or false/,
      ],
    };
    for (const [name, [metadata, error, description]] of Object.entries(cases)) {
      it(name, async () => {
        const { status, body } = await register(metadata);
        assert.deepEqual([status, body['error']], [400, error], JSON.stringify(body));
        assert.match(body['error_description'], description);
      });
    }

    it('another media type, and a body that is too large', async () => {
      for (const [metadata, headers] of [
        [native, { 'content-type': 'text/plain' }],
        [native, { 'content-type': 'application/json5' }],
        [{ ...native, tos_uri: 'x'.repeat(70_000) }, {}],
      ] as const) {
        const { status, body } = await register(metadata, headers);
        assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata']);
      }
    });

    it('another method', async () => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const response = await fetch(`${url}/oauth/register`, {
          method,
          headers: { authorization: `Bearer ${initialToken}` },
        });
        assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST']);
      }
    });
  });

  describe('RFC 7591 §3 the initial access token', () => {
    it('is required; a wrong one is answered with an error code, a missing one without', async () => {
      const without = await post(url, native);
      assert.deepEqual([without.status, without.headers.get('www-authenticate')], [401, 'Bearer']);
      for (const token of ['wrong', `${initialToken}x`, initialToken.slice(1)]) {
        const wrong = await post(url, native, { token });
        assert.deepEqual([wrong.status, wrong.headers.get('www-authenticate')], [401, 'Bearer error="invalid_token"']);
        assert.equal(wrong.body['error'], 'invalid_token');
      }
      assert.equal((await post(url, native, { authorization: initialToken })).status, 401);
      assert.equal((await post(url, native, { authorization: `bearer ${initialToken}` })).status, 201);
    });

    it('is protected from guessing, and a caller that has it is never limited', async () => {
      const statuses = await Promise.all(
        Array.from({ length: 30 }, async () => (await post(url, native, { token: 'guess' })).status),
      );
      assert.ok(statuses.filter((status) => status === 401).length <= 20);
      const refused = await post(url, native, { token: 'guess' });
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers.get('retry-after')) > 3_000);
      assert.equal((await register(native)).status, 201);
    });
  });

  describe('open registration', () => {
    let open: TestServer;
    before(async () => {
      open = await startTestServer({
        database,
        config: "export default { registration: 'open', attempts: { registration: 7 } }",
      });
    });
    after(() => open.dispose());

    // The first two of seven accepted registrations.
    it('gives no tokens without a consent', async () => {
      for (const metadata of [
        { grant_types: ['client_credentials'], response_types: [] },
        { ...native, grant_types: ['authorization_code', 'client_credentials'] },
      ]) {
        const { status, body } = await post(open.url, metadata);
        assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata']);
        assert.match(body['error_description'], /^grant_types: client_credentials is not for/);
      }
    });

    it('is limited per hour and address, also for requests at the same moment', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(open.url, native)));
      assert.equal(answers.filter(({ status }) => status === 201).length, 5);
      for (const { status, headers } of answers.filter((answer) => answer.status !== 201)) {
        assert.equal(status, 429);
        assert.ok(Number(headers.get('retry-after')) > 3_000);
      }
      const kept = await withStore(open, (store) =>
        store
          .selectFrom('applications')
          .select('id')
          .where('id', 'not in', [firstPartyClientId, explorerClientId])
          .execute(),
      );
      assert.equal(kept.length, 5);
    });

    it('cannot be called by pages of other origins', async () => {
      const { status } = await post(open.url, native, { origin: 'https://evil.example' });
      assert.equal(status, 400);
    });
  });
});
