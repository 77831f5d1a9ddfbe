import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type CryptoKey, calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  fetchProtectedResource,
  getDPoPHandle,
  None,
  randomDPoPKeyPair,
  randomPKCECodeVerifier,
  refreshTokenGrant,
} from 'openid-client';
import { codeForm, exchange, query, refresh, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { authorize } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let here: TestServer;
let there: TestServer;
/** A server that requires nonces. */
let asking: TestServer;

onDatabaseOrEach('PostgreSQL', (database) => {
  before(async () => {
    here = await startTestServer({ database });
    [there, asking] = await Promise.all([
      startTestServer({ beside: here }),
      startTestServer({ database, config: 'export default { dpop: { nonce: true } }' }),
    ]);
  });
  after(async () => {
    await Promise.all([there.dispose(), asking.dispose()]);
    await here.dispose();
  });

  type Key = { privateKey: CryptoKey; publicKey: CryptoKey };

  async function proof(key: Key, method: string, url: string, changes: Record<string, unknown> = {}): Promise<string> {
    const claims = { htm: method, htu: url, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...changes };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(key.publicKey) };
    return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey);
  }

  const newKey = () => generateKeyPair('ES256');

  /** Requests a token at one process. At every process, the proof must name the token endpoint of the public URL. */
  async function token(url: string, fields: Record<string, string>, dpop: string | null) {
    const response = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: dpop === null ? {} : { dpop },
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, any> };
  }

  /** Returns tokens of the first-party application that are bound to a key. The application is public. */
  async function boundTokens(key: Key) {
    const { input } = await requestCode(here.url);
    return token(here.url, codeForm(input), await proof(key, 'POST', `${here.url}/oauth/token`));
  }

  function ask(url: string, accessToken: string, dpop: string) {
    return query(url, '{ viewer { subject } }', { headers: { authorization: `DPoP ${accessToken}`, dpop } });
  }

  async function proofFor(key: Key, accessToken: string, changes: Record<string, unknown> = {}) {
    const ath = createHash('sha256').update(accessToken).digest('base64url');
    return proof(key, 'POST', `${here.url}/graphql`, { ath, ...changes });
  }

  describe('RFC 9449 DPoP at the embedded authorization server', () => {
    for (const nonce of [false, true]) {
      it(`openid-client gets, uses and refreshes bound tokens, ${nonce ? 'with' : 'without'} nonces`, async () => {
        const server = nonce ? asking : here;
        const configuration = await discovery(new URL(server.url), 'claimgate', undefined, None(), {
          execute: [allowInsecureRequests],
        });
        const keys = await randomDPoPKeyPair('ES256');
        const DPoP = getDPoPHandle(configuration, keys);
        const pkceCodeVerifier = randomPKCECodeVerifier();
        const address = buildAuthorizationUrl(configuration, {
          redirect_uri: 'http://127.0.0.1:5555/callback',
          scope: 'grants',
          code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
        });
        const callback = await authorize(address);
        type Tokens = Awaited<ReturnType<typeof refreshTokenGrant>>;
        let tokens: Pick<Tokens, 'access_token' | 'refresh_token' | 'token_type'> = await authorizationCodeGrant(
          configuration,
          callback,
          { pkceCodeVerifier },
          undefined,
          { DPoP },
        );
        for (let turn = 0; turn < 3; turn += 1) {
          assert.equal(tokens.token_type, 'dpop');
          const thumbprint = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
          assert.deepEqual(decodeJwt(tokens.access_token)['cnf'], { jkt: thumbprint });
          const answer = await fetchProtectedResource(
            configuration,
            tokens.access_token,
            new URL(`${server.url}/graphql`),
            'POST',
            JSON.stringify({ query: '{ viewer { scopes } }' }),
            new Headers({ 'content-type': 'application/json' }),
            { DPoP },
          );
          assert.deepEqual(await answer.json(), { data: { viewer: { scopes: ['grants'] } } });
          tokens = await refreshTokenGrant(configuration, tokens.refresh_token ?? '', undefined, { DPoP });
        }
      });
    }

    it('A-9 a bound token is refused as a bearer token, with another key, and with a replayed proof', async () => {
      const key = await newKey();
      const { body } = await boundTokens(key);
      const accessToken = String(body['access_token']);
      assert.equal(body['token_type'], 'DPoP');
      const bearer = await query(here.url, '{ viewer { subject } }', { token: accessToken });
      assert.equal(bearer.status, 401);
      assert.match(bearer.headers.get('www-authenticate') ?? '', /DPoP/);
      assert.equal((await ask(here.url, accessToken, await proofFor(await newKey(), accessToken))).status, 401);
      const once = await proofFor(key, accessToken);
      assert.equal((await ask(here.url, accessToken, once)).status, 200);
      assert.equal((await ask(there.url, accessToken, once)).status, 401);
    });

    it('C-1 one proof that is sent 50 times at once to the token endpoints of two processes is accepted once', async () => {
      const key = await newKey();
      for (let round = 0; round < 2; round += 1) {
        const inputs = await Promise.all(Array.from({ length: 10 }, async () => (await requestCode(here.url)).input));
        const once = await proof(key, 'POST', `${here.url}/oauth/token`);
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, index) =>
            // Each code is valid. Only the proof is used more than once.
            token(index % 2 === 0 ? here.url : there.url, codeForm(inputs[index % 10] ?? assert.fail()), once),
          ),
        );
        assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      }
    });

    it('the refresh token of a public client is bound to its key', async () => {
      const key = await newKey();
      const { body } = await boundTokens(key);
      const fields = {
        grant_type: 'refresh_token',
        client_id: 'claimgate',
        refresh_token: String(body['refresh_token']),
      };
      const address = `${here.url}/oauth/token`;
      for (const dpop of [null, await proof(await newKey(), 'POST', address)]) {
        const { status, body } = await token(here.url, fields, dpop);
        assert.deepEqual([status, body['error']], [400, 'invalid_grant']);
      }
      const { error } = await refresh(here.url, { refreshToken: fields.refresh_token });
      assert.equal(error, 'invalid_grant');
      const renewed = await token(here.url, fields, await proof(key, 'POST', address));
      assert.equal(renewed.body['token_type'], 'DPoP');
    });

    it('a proof for another address, method or time, or not a proof, is refused', async () => {
      const key = await newKey();
      const address = `${here.url}/oauth/token`;
      const { input } = await requestCode(here.url);
      const bad = [
        'garbage',
        await proof(key, 'POST', `${here.url}/graphql`),
        await proof(key, 'GET', address),
        await proof(key, 'POST', address, { iat: Math.floor(Date.now() / 1000) - 3_600 }),
        await proof(key, 'POST', address, { jti: undefined }),
      ];
      for (const dpop of bad) {
        const { status, body } = await token(here.url, codeForm(input), dpop);
        assert.deepEqual([status, body['error']], [400, 'invalid_dpop_proof']);
      }
      // The refused request did not use up the code.
      assert.equal((await token(here.url, codeForm(input), await proof(key, 'POST', address))).status, 200);
    });

    it('a nonce is required if it is configured, and the API accepts the same one', async () => {
      const key = await newKey();
      const { input } = await requestCode(asking.url);
      const address = `${asking.url}/oauth/token`;
      const first = await token(asking.url, codeForm(input), await proof(key, 'POST', address));
      assert.deepEqual([first.status, first.body['error']], [400, 'use_dpop_nonce']);
      const nonce = first.headers.get('dpop-nonce') ?? '';
      const { body } = await token(asking.url, codeForm(input), await proof(key, 'POST', address, { nonce }));
      const accessToken = String(body['access_token']);
      const ath = createHash('sha256').update(accessToken).digest('base64url');
      const answer = await ask(
        asking.url,
        accessToken,
        await proof(key, 'POST', `${asking.url}/graphql`, { ath, nonce }),
      );
      assert.equal(answer.status, 200);
    });

    it('an application that is registered for bound tokens gets no other, and the mutations refer it to the token endpoint', async () => {
      const { accessToken } = await signInFor(here.url);
      const changes = { name: 'Bound', dpopBoundAccessTokens: true };
      const { clientId, clientSecret, redirectUri } = await registerApplication(here.url, accessToken, changes);
      const { input } = await requestCode(here.url, { clientId, redirectUri, scope: 'profile' });
      const { error, errorDescription } = await exchange(here.url, { ...input, clientSecret });
      assert.equal(error, 'invalid_request');
      assert.match(errorDescription, /DPoP.*\/oauth\/token/);
      assert.equal(
        (await refresh(here.url, { clientId, clientSecret, refreshToken: 'x' }))['error'],
        'invalid_request',
      );
      const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
      const { client_id: _, ...fields } = codeForm(input);
      const response = await fetch(`${here.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { authorization: `Basic ${basic}` },
      });
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as Record<string, unknown>)['error'], 'invalid_grant');
    });
  });
});
