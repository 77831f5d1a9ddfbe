import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { allowInsecureRequests, clientCredentialsGrant, discovery, PrivateKeyJwt } from 'openid-client';
import { exchange, postForm, refresh, registerApplication, revoke, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let here: TestServer;
let there: TestServer;
let manager: string;
let clientId: string;
let privateKey: CryptoKey;

onDatabaseOrEach('PostgreSQL', (database) => {
  before(async () => {
    here = await startTestServer({
      database,
      config: 'export default { attempts: { client: 500, clientAddress: 500 } }',
    });
    there = await startTestServer({ beside: here });
    manager = (await signInFor(here.url)).accessToken;
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    ({ clientId } = await register([await exportJWK(pair.publicKey)]));
  });
  after(async () => {
    await there.dispose();
    await here.dispose();
  });

  function register(keys: readonly object[]) {
    return registerApplication(here.url, manager, {
      name: 'Signer',
      tokenEndpointAuthMethod: 'PRIVATE_KEY_JWT',
      jwks: JSON.stringify({ keys }),
      grantTypes: ['CLIENT_CREDENTIALS'],
      redirectUris: [],
    });
  }

  async function assertion(changes: JWTPayload = {}, key: CryptoKey | Uint8Array = privateKey, alg = 'ES256') {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: here.url,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
      ...changes,
    };
    return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  }

  function ask(client_assertion: string, url = here.url) {
    return postForm(url, '/oauth/token', {
      grant_type: 'client_credentials',
      scope: 'profile',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    });
  }

  describe('RFC 7523 a client that authenticates with its key', () => {
    it('gets tokens with openid-client', async () => {
      const configuration = await discovery(new URL(here.url), clientId, undefined, PrivateKeyJwt(privateKey), {
        execute: [allowInsecureRequests],
      });
      const tokens = await clientCredentialsGrant(configuration, { scope: 'profile' });
      assert.equal(tokens.scope, 'profile');
    });

    it('may name the issuer or the token endpoint as audience', async () => {
      for (const aud of [here.url, `${here.url}/oauth/token`, [here.url, 'https://elsewhere.example']]) {
        assert.equal((await ask(await assertion({ aud }))).status, 200);
      }
      for (const aud of ['https://elsewhere.example', `${here.url}/`, undefined]) {
        const { status, body } = await ask(await assertion(aud === undefined ? { aud: [] } : { aud }));
        assert.deepEqual([status, body['error']], [401, 'invalid_client']);
      }
    });

    it('C-1 one assertion that is sent 50 times at once to two processes is accepted once', async () => {
      for (let round = 0; round < 3; round += 1) {
        const once = await assertion();
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, index) => ask(once, index % 2 === 0 ? here.url : there.url)),
        );
        assert.equal(answers.filter(({ status }) => status === 200).length, 1);
        assert.deepEqual(new Set(answers.map(({ body }) => body['error'])), new Set([undefined, 'invalid_client']));
      }
    });

    it('is refused with another key, a shared secret, no expiry, or another client ID', async () => {
      const { privateKey: stolen } = await generateKeyPair('ES256');
      const past = Math.floor(Date.now() / 1000) - 120;
      const bad = [
        await assertion({}, stolen),
        await assertion({}, new TextEncoder().encode('a secret that both sides know, of 32 bytes'), 'HS256'),
        await assertion({ exp: past }),
        await assertion({ iss: 'claimgate' }),
        await assertion({ jti: undefined } as unknown as JWTPayload),
      ];
      for (const one of bad) {
        const { status, body } = await ask(one);
        assert.deepEqual([status, body['error'], body['access_token']], [401, 'invalid_client', undefined]);
      }
    });

    it('is referred to the token endpoint by the token mutations', async () => {
      const input = { clientId, code: 'x', codeVerifier: 'v'.repeat(43), redirectUri: 'https://app.example/callback' };
      const answers = [
        await exchange(here.url, input),
        await refresh(here.url, { clientId, refreshToken: 'x' }),
        (await revoke(here.url, { clientId, token: 'x' }))['error'],
      ];
      for (const answer of answers) {
        assert.equal(answer.error, 'invalid_client');
        assert.match(answer.errorDescription, /private_key_jwt.*\/oauth\/token/);
      }
    });

    it('registers public keys for signatures only', async () => {
      const pair = await generateKeyPair('ES256', { extractable: true });
      const rsa = { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(128, 0xff).toString('base64url') };
      const bad = [
        [await exportJWK(pair.privateKey)],
        [{ kty: 'oct', k: 'c2VjcmV0' }],
        [rsa],
        [{ ...(await exportJWK(pair.publicKey)), use: 'enc' }],
        [{ ...(await exportJWK(pair.publicKey)), alg: 'HS256' }],
        [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
        [],
      ];
      for (const keys of bad) await assert.rejects(register(keys), /input\.jwks/);
    });
  });
});
