import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { codeForm, postForm, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';
import { exponentOne, forgeWithExponentOne, offCurve, unusableKeys } from '../support/unusable-keys.ts';
import { makeKey } from '../support/tokens.ts';

onDatabaseOrEach('SQLite', (database) => {
  let server: TestServer;
  let manager: string;

  before(async () => {
    server = await startTestServer({
      database,
      config: "export default { registration: 'open', attempts: { registration: 1_000 } }",
    });
    manager = (await signInFor(server.url)).accessToken;
  });
  after(() => server.dispose());

  const seconds = () => Math.floor(Date.now() / 1_000);

  function forgedProof(path: string, jwk: object = exponentOne): string {
    const claims = { htm: 'POST', htu: server.url + path, jti: randomUUID(), iat: seconds() };
    return forgeWithExponentOne({ typ: 'dpop+jwt', jwk }, claims);
  }

  async function post(path: string, fields: Record<string, string>, dpop: string) {
    const response = await fetch(server.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { dpop },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  describe('F-11 a key that cannot verify signatures safely', () => {
    it('binds no token at the token endpoint, and the code is not used up', async () => {
      const { input } = await requestCode(server.url);
      for (const [what, jwk] of Object.entries(unusableKeys)) {
        const { status, body } = await post('/oauth/token', codeForm(input), forgedProof('/oauth/token', jwk));
        assert.deepEqual([status, body['error']], [400, 'invalid_dpop_proof'], what);
      }
      assert.equal((await postForm(server.url, '/oauth/token', codeForm(input))).status, 200);
    });

    it('binds no pushed request', async () => {
      const fields = { client_id: 'claimgate', response_type: 'code', code_challenge_method: 'S256', scope: 'profile' };
      const request = { ...fields, redirect_uri: 'http://127.0.0.1:1/callback', code_challenge: 'c'.repeat(43) };
      const { status, body } = await post('/oauth/par', request, forgedProof('/oauth/par'));
      assert.deepEqual([status, body['error']], [400, 'invalid_dpop_proof']);
    });

    it('cannot be registered, by administrators or by an application itself', async () => {
      for (const [what, jwk] of Object.entries({ ...unusableKeys, 'off its curve': offCurve })) {
        const keys = [jwk];
        const form = { tokenEndpointAuthMethod: 'PRIVATE_KEY_JWT', jwks: JSON.stringify({ keys }) };
        await assert.rejects(registerApplication(server.url, manager, form), /input\.jwks: keys\[0\]: /, what);
        const response = await fetch(`${server.url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            redirect_uris: ['https://shop.example/callback'],
            token_endpoint_auth_method: 'private_key_jwt',
            jwks: { keys },
          }),
        });
        assert.equal(response.status, 400, what);
      }
    });

    it('authenticates no client, even if it was stored before', async () => {
      const { clientId } = await registerApplication(server.url, manager, {
        tokenEndpointAuthMethod: 'PRIVATE_KEY_JWT',
        jwks: JSON.stringify({ keys: [makeKey('ES256').publicJwk] }),
        grantTypes: ['CLIENT_CREDENTIALS'],
        redirectUris: [],
      });
      await withStore(server, (store) =>
        store
          .updateTable('applications')
          .set({ jwks: JSON.stringify([exponentOne]) })
          .where('id', '=', clientId)
          .execute(),
      );
      const claims = { iss: clientId, sub: clientId, aud: server.url, jti: randomUUID(), exp: seconds() + 60 };
      const { status, body } = await postForm(server.url, '/oauth/token', {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: forgeWithExponentOne({}, claims),
      });
      assert.deepEqual([status, body['error']], [401, 'invalid_client']);
    });
  });
});
