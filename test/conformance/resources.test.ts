import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import {
  authorizeAddress,
  codeForm,
  postForm,
  query,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { authorize } from '../support/person.ts';
import { addPerson, startTestServer, type TestServer } from '../support/server.ts';

const billing = 'https://billing.example/api';
const stock = 'https://stock.example/';

const configOf = (clientId = '') => `export default {
  resources: [
    { audience: '${billing}', ${clientId && `introspectedBy: '${clientId}',`}
      scopes: { 'bills:read': { description: 'Read your bills' }, 'bills:void': { description: 'Void bills', roles: ['administrator'] } } },
    { audience: '${stock}', scopes: { 'stock:read': { description: 'See the stock' } } },
  ],
};`;

let server: TestServer;
onDatabaseOrEach('PostgreSQL', (database) => {
  before(async () => {
    server = await startTestServer({ database, config: configOf() });
  });
  after(() => server.dispose());

  /** Exchanges a code that was requested with these parameters. `resource` may occur several times. */
  async function tokensFor(
    scope: string,
    resources: readonly string[],
    exchanged: Record<string, string> = {},
    options = {},
  ) {
    const { input } = await requestCode(server.url, {
      scope,
      ...options,
      ...(resources[0] !== undefined && { parameters: { resource: resources[0] } }),
    });
    return postForm(server.url, '/oauth/token', { ...codeForm(input), ...exchanged });
  }

  describe('RFC 8707 several APIs', () => {
    it('a token for another API names it, has its scopes, and is not accepted by ours', async () => {
      const { body } = await tokensFor('bills:read profile', [billing]);
      const token = String(body['access_token']);
      const keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
      const { payload } = await jwtVerify(token, keys, { issuer: server.url, audience: billing, typ: 'at+jwt' });
      assert.equal(payload['scope'], 'bills:read');
      const { status } = await query(server.url, '{ viewer { subject } }', { token });
      assert.equal(status, 401);
    });

    it('a request without a resource gets a token for our API, without scopes of another', async () => {
      const { body } = await tokensFor('bills:read profile', []);
      const { aud, scope } = decodeJwt(String(body['access_token']));
      assert.deepEqual([aud, scope], [`${server.url}/graphql`, 'profile']);
    });

    it('an unknown API is answered invalid_target at both endpoints', async () => {
      const { callback } = await requestCode(server.url, { parameters: { resource: 'https://elsewhere.example/' } });
      assert.equal(callback.searchParams.get('error'), 'invalid_target');
      for (const resource of ['https://elsewhere.example/', `${billing}/`, stock, `${server.url}/graphql`]) {
        const { status, body } = await tokensFor('bills:read', [billing], { resource });
        assert.deepEqual([status, body['error']], [400, 'invalid_target'], resource);
      }
    });

    it('the refusal of an unknown resource names a known one, as with an extra slash', async () => {
      for (const resource of [`${server.url}/graphql/`, `${server.url}/`, server.url]) {
        const { callback } = await requestCode(server.url, { parameters: { resource } });
        assert.equal(callback.searchParams.get('error'), 'invalid_target');
        const description = callback.searchParams.get('error_description') ?? '';
        assert.ok(description.endsWith(`exactly as it is written there, such as ${server.url}/graphql`), description);
      }
    });

    it('C-6 a refresh widens neither the audience nor the scope', async () => {
      const { body } = await tokensFor('bills:read', [billing]);
      const fields = {
        grant_type: 'refresh_token',
        client_id: 'claimgate',
        refresh_token: String(body['refresh_token']),
      };
      for (const resource of [stock, `${server.url}/graphql`]) {
        const { body } = await postForm(server.url, '/oauth/token', { ...fields, resource });
        assert.equal(body['error'], 'invalid_target');
      }
      const wider = await postForm(server.url, '/oauth/token', { ...fields, scope: 'bills:read bills:void' });
      assert.equal(wider.body['error'], 'invalid_scope');
      const renewed = await postForm(server.url, '/oauth/token', fields);
      assert.equal(decodeJwt(String(renewed.body['access_token'])).aud, billing);
    });

    it('each of two APIs that were granted together gets its own token', async () => {
      // The example of RFC 7636 appendix B.
      const address = new URL(authorizeAddress(server.url, { scope: 'bills:read stock:read profile' }));
      for (const resource of [billing, stock]) address.searchParams.append('resource', resource);
      const code = (await authorize(address)).searchParams.get('code') ?? '';
      const form = codeForm({
        clientId: 'claimgate',
        code,
        codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
        redirectUri: 'http://127.0.0.1:5555/callback',
      });
      const first = await postForm(server.url, '/oauth/token', { ...form, resource: billing });
      const fields = { grant_type: 'refresh_token', client_id: 'claimgate', resource: stock };
      const refresh_token = String(first.body['refresh_token']);
      const second = await postForm(server.url, '/oauth/token', { ...fields, refresh_token });
      const named = [first, second].map(({ body }) => {
        const { aud, scope } = decodeJwt(String(body['access_token']));
        return [aud, scope];
      });
      assert.deepEqual(named, [
        [billing, 'bills:read'],
        [stock, 'stock:read'],
      ]);
    });

    it('C-16 scopes of another API require their roles too', async () => {
      const account = await addPerson(server, 'grace@example.com');
      const plain = await tokensFor('bills:read bills:void', [billing], {}, { account });
      assert.equal(plain.body['scope'], 'bills:read');
      const { body } = await tokensFor('bills:read bills:void', [billing]);
      assert.equal(body['scope'], 'bills:read bills:void');
    });

    it('an application gets tokens for itself for one API, and may register its scopes', async () => {
      const { accessToken } = await signInFor(server.url);
      const machine = await registerApplication(server.url, accessToken, {
        grantTypes: ['CLIENT_CREDENTIALS'],
        redirectUris: [],
        scopes: ['bills:read'],
      });
      const form = { grant_type: 'client_credentials', scope: 'bills:read stock:read bills:void', resource: billing };
      const { body } = await postForm(server.url, '/oauth/token', form, machine);
      const { aud, scope } = decodeJwt(String(body['access_token']));
      assert.deepEqual([aud, scope], [billing, 'bills:read']);
      const unknown = await postForm(server.url, '/oauth/token', { ...form, resource: 'urn:none' }, machine);
      assert.equal(unknown.body['error'], 'invalid_target');
    });

    it('C-14 an API may introspect the tokens for it if it is configured, and no others', async () => {
      const { accessToken } = await signInFor(server.url);
      const api = await registerApplication(server.url, accessToken, {
        name: 'Billing',
        redirectUris: ['https://a.example/'],
      });
      const restarted = await startTestServer({ beside: server, config: configOf(api.clientId) });
      try {
        const bill = String((await tokensFor('bills:read', [billing])).body['access_token']);
        const shelf = String((await tokensFor('stock:read', [stock])).body['access_token']);
        const introspect = (token: string) => postForm(restarted.url, '/oauth/introspect', { token }, api);
        const { body } = await introspect(bill);
        assert.deepEqual([body['active'], body['scope'], body['client_id']], [true, 'bills:read', 'claimgate']);
        for (const token of [shelf, accessToken]) assert.deepEqual((await introspect(token)).body, { active: false });
      } finally {
        await restarted.stop();
      }
    });
  });
});
