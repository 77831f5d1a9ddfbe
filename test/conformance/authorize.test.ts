import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import {
  codeForm,
  exchange,
  exchangeMutation,
  postForm,
  query,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { onDatabaseOrEach } from '../support/databases.ts';

onDatabaseOrEach('SQLite', (database) => {
  let server: TestServer;
  let url: string;
  /** A confidential web application that a person registered. */
  let shop: { clientId: string };

  before(async () => {
    server = await startTestServer({ database });
    ({ url } = server);
    shop = await registerApplication(url, (await signInFor(url)).accessToken, { name: 'Shop' });
  });
  after(() => server.dispose());

  /** Returns a new code of the first-party application, and the input of its exchange. */
  async function freshCode() {
    return (await requestCode(url)).input;
  }

  describe('C-4 proof key (RFC 7636):', () => {
    const wrong = {
      'another one': randomPKCECodeVerifier(),
      'one of 42 characters': 'v'.repeat(42),
      'one of 129 characters': 'v'.repeat(129),
      'one with a character that is not unreserved': `${'v'.repeat(42)}+`,
    };
    for (const [name, codeVerifier] of Object.entries(wrong)) {
      it(`a verifier that is ${name} is refused by the mutation, and the code is not used up`, async () => {
        const input = await freshCode();
        const expected = name === 'another one' ? 'invalid_grant' : 'invalid_request';
        assert.equal((await exchange(url, { ...input, codeVerifier })).error, expected);
        assert.equal((await exchange(url, input)).tokenType, 'Bearer');
      });

      it(`a verifier that is ${name} is refused by the token endpoint, and the code is not used up`, async () => {
        const form = codeForm(await freshCode());
        const { status, body } = await postForm(url, '/oauth/token', { ...form, code_verifier: codeVerifier });
        assert.equal(status, 400, JSON.stringify(body));
        assert.equal((await postForm(url, '/oauth/token', form)).body.token_type, 'Bearer');
      });
    }

    it('a missing verifier is refused by the token endpoint, and the code is not used up', async () => {
      const form = codeForm(await freshCode());
      const { code_verifier: _, ...without } = form;
      assert.equal((await postForm(url, '/oauth/token', without)).body.error, 'invalid_grant');
      assert.equal((await postForm(url, '/oauth/token', form)).status, 200);
    });

    it('a mutation without a verifier is not valid', async () => {
      const { codeVerifier: _, ...client } = await freshCode();
      const { body } = await query(url, exchangeMutation, { variables: { input: { client } } });
      assert.match(body.errors?.[0]?.message ?? '', /"codeVerifier?/);
    });

    const challenges = {
      'no code_challenge': { code_challenge: undefined, code_challenge_method: undefined },
      'a plain code_challenge': { code_challenge_method: 'plain' },
      'a code_challenge without a method, which would be plain': { code_challenge_method: undefined },
      'a code_challenge of the wrong length': { code_challenge: 'short' },
    };
    for (const [name, parameters] of Object.entries(challenges)) {
      it(`${name} is refused at the authorization endpoint`, async () => {
        const { callback } = await requestCode(url, { parameters });
        assert.equal(callback.searchParams.get('error'), 'invalid_request');
        assert.equal(callback.searchParams.get('code'), null);
      });
    }
  });

  describe('C-5 the redirect URI is compared exactly:', () => {
    /** Returns the answer of the authorization endpoint to a redirect URI. */
    async function authorizeWith(clientId: string, redirectUri: string): Promise<Response> {
      const address = new URL('/oauth/authorize', url);
      address.search = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'profile',
        code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
        code_challenge_method: 'S256',
      }).toString();
      return fetch(address, { redirect: 'manual' });
    }

    const strangers = [
      'https://app.example/callback/',
      'https://app.example/Callback',
      'https://app.example/callback?a=b',
      'https://app.example/callback?',
      'https://app.example/callback#there',
      'https://app.example:443/callback',
      'https://app.example:8443/callback',
      'https://APP.example/callback',
      'https://app.example./callback',
      'https://app.example/x/../callback',
      'https://app.example/%63allback',
      'https://app.example.evil.example/callback',
      'https://user@app.example/callback',
      'http://app.example/callback',
      ' https://app.example/callback',
    ];
    for (const redirectUri of strangers) {
      it(`"${redirectUri}" is not https://app.example/callback, so no browser is redirected to it`, async () => {
        const response = await authorizeWith(shop.clientId, redirectUri);
        assert.equal(response.status, 400);
        assert.equal(response.headers.get('location'), null);
      });
    }

    it('a request without redirect_uri is refused', async () => {
      const address = new URL(`/oauth/authorize?client_id=${shop.clientId}&response_type=code&scope=profile`, url);
      assert.equal((await fetch(address, { redirect: 'manual' })).status, 400);
    });

    it('the port of a loopback address may vary', async () => {
      for (const port of ['', ':1', ':65535']) {
        assert.equal((await authorizeWith('claimgate', `http://127.0.0.1${port}/callback`)).status, 303);
      }
    });

    for (const redirectUri of [
      'http://127.0.0.1:5555/callback/',
      'http://127.0.0.1:5555/other',
      'http://localhost:5555/callback',
      'http://[::1]:5555/callback',
      'https://127.0.0.1:5555/callback',
      'http://127.0.0.2:5555/callback',
      'http://127.0.0.1:5555@evil.example/callback',
    ]) {
      it(`but no other part: ${redirectUri} is refused`, async () => {
        assert.equal((await authorizeWith('claimgate', redirectUri)).status, 400);
      });
    }
  });
});
