import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { postForm, query, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Application = Awaited<ReturnType<typeof registerApplication>>;

const config = `export default {
  scopes: { 'reports:read': { description: 'Read reports' }, 'reports:write': { description: 'Write reports', roles: ['editor'] } },
  modules: [{ name: 'reports', typeDefs: 'extend type Query { report: String @auth(scope: "reports:read") }',
    resolvers: { Query: { report: () => 'all is well' } } }],
};`;

let server: TestServer;
let manager: string;
let machine: Application;

onDatabaseOrEach('SQLite', (database) => {
  before(async () => {
    server = await startTestServer({ database, config });
    manager = (await signInFor(server.url)).accessToken;
    machine = await registerApplication(server.url, manager, {
      name: 'Nightly',
      grantTypes: ['CLIENT_CREDENTIALS'],
      redirectUris: [],
      scopes: ['reports:read', 'profile'],
    });
  });
  after(() => server.dispose());

  function ask(fields: Record<string, string> = {}, by: Application = machine) {
    return postForm(server.url, '/oauth/token', { grant_type: 'client_credentials', ...fields }, by);
  }

  describe('RFC 6749 §4.4 client credentials', () => {
    it('give an application a token for itself with its scopes', async () => {
      const { status, body, headers } = await ask({ scope: 'reports:read' });
      assert.equal(status, 200);
      assert.match(headers.get('cache-control') ?? '', /no-store/);
      assert.deepEqual(
        [body['token_type'], body['scope'], body['refresh_token']],
        ['Bearer', 'reports:read', undefined],
      );
      const { sub, client_id } = decodeJwt(body['access_token']);
      assert.deepEqual([sub, client_id], [machine.clientId, machine.clientId]);
      const answer = await query(server.url, '{ report viewer { subject clientId account { id } } }', {
        token: body['access_token'],
      });
      assert.deepEqual(answer.body.data, {
        report: 'all is well',
        viewer: { subject: machine.clientId, clientId: machine.clientId, account: null },
      });
    });

    it('C-16 give no scope that requires a role or is not registered', async () => {
      for (const scope of ['reports:write', 'accounts', 'applications', 'openid']) {
        const { body } = await ask({ scope: `${scope} reports:read` });
        assert.equal(body['scope'] ?? body['error'], body['error'] ? 'invalid_scope' : 'reports:read', scope);
      }
      const all = await ask({ scope: 'reports:write accounts' });
      assert.equal(all.body['scope'], undefined);
    });

    it('can be revoked and introspected', async () => {
      const { body } = await ask({ scope: 'profile' });
      const token = String(body['access_token']);
      const seen = await postForm(server.url, '/oauth/introspect', { token }, machine);
      assert.deepEqual([seen.body['active'], seen.body['sub']], [true, machine.clientId]);
      await postForm(server.url, '/oauth/revoke', { token }, machine);
      assert.deepEqual((await postForm(server.url, '/oauth/introspect', { token }, machine)).body, { active: false });
      assert.equal((await query(server.url, '{ viewer { subject } }', { token })).status, 401);
    });

    it('are refused to an application that is not registered for them, and so is the code', async () => {
      const shop = await registerApplication(server.url, manager);
      assert.equal((await ask({}, shop)).body['error'], 'unauthorized_client');
      const form = { code: 'x', code_verifier: 'v'.repeat(43), redirect_uri: 'https://app.example/callback' };
      for (const fields of [
        { ...form, grant_type: 'authorization_code' },
        { grant_type: 'refresh_token', refresh_token: 'x' },
      ]) {
        const { status, body } = await postForm(server.url, '/oauth/token', fields, machine);
        assert.deepEqual([status, body['error']], [400, 'unauthorized_client']);
      }
      const { status, body } = await postForm(server.url, '/oauth/token', { grant_type: 'password' }, machine);
      assert.deepEqual([status, body['error']], [400, 'unsupported_grant_type']);
    });

    it('an application without the refresh grant gets no refresh token', async () => {
      const once = await registerApplication(server.url, manager, { grantTypes: ['AUTHORIZATION_CODE'] });
      const { clientId, clientSecret, redirectUri } = once;
      const { input } = await requestCode(server.url, { clientId, redirectUri, scope: 'profile' });
      const { code, codeVerifier } = input;
      const fields = { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri };
      const { body } = await postForm(server.url, '/oauth/token', fields, { clientId, clientSecret });
      assert.equal(typeof body['access_token'], 'string');
      assert.equal(body['refresh_token'], undefined);
    });

    it('contradicting members are not registered', async () => {
      for (const [changes, field] of [
        [{ grantTypes: ['CLIENT_CREDENTIALS'], redirectUris: [], tokenEndpointAuthMethod: 'NONE' }, 'grantTypes'],
        [{ grantTypes: [] }, 'grantTypes'],
        [{ grantTypes: ['REFRESH_TOKEN', 'CLIENT_CREDENTIALS'] }, 'grantTypes'],
        [{ grantTypes: ['CLIENT_CREDENTIALS'] }, 'redirectUris'],
        [{ redirectUris: [] }, 'redirectUris'],
        [{ jwks: '{"keys":[]}' }, 'jwks'],
        [{ tokenEndpointAuthMethod: 'PRIVATE_KEY_JWT' }, 'jwks'],
      ] as const) {
        await assert.rejects(registerApplication(server.url, manager, changes), new RegExp(`input\\.${field}`));
      }
    });
  });
});
