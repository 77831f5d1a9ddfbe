import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allowInsecureRequests, buildAuthorizationUrlWithPAR, discovery, randomPKCECodeVerifier } from 'openid-client';
import { calculatePKCECodeChallenge, ClientSecretBasic } from 'openid-client';
import { authorizeAddress, exchange, postForm, registerApplication, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { authorize, Person } from '../support/person.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

type Application = Awaited<ReturnType<typeof registerApplication>>;

let here: TestServer;
let there: TestServer;
let shop: Application;
/** A client that must send pushed authorization requests. */
let strict: Application;

onDatabaseOrEach('PostgreSQL', (database) => {
  before(async () => {
    here = await startTestServer({ database, config: 'export default { attempts: { account: 100 } }' });
    there = await startTestServer({ beside: here });
    const { accessToken } = await signInFor(here.url);
    shop = await registerApplication(here.url, accessToken, { name: 'Shop' });
    const changes = { name: 'Strict', requirePushedAuthorizationRequests: true };
    strict = await registerApplication(here.url, accessToken, changes);
  });
  after(async () => {
    await there.dispose();
    await here.dispose();
  });

  async function push(
    { clientId, clientSecret, redirectUri }: Application,
    changes: Record<string, string> = {},
    url = here.url,
  ) {
    const codeVerifier = randomPKCECodeVerifier();
    const fields = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'profile',
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...changes,
    };
    const answer = await postForm(url, '/oauth/par', fields, { clientId, clientSecret });
    return { ...answer, codeVerifier };
  }

  function addressOf({ clientId }: Application, requestUri: string): URL {
    const address = new URL('/oauth/authorize', here.url);
    address.search = new URLSearchParams({ client_id: clientId, request_uri: requestUri }).toString();
    return address;
  }

  describe('RFC 9126 pushed authorization requests', () => {
    it('one is pushed with openid-client, and leads to tokens', async () => {
      const { clientId, clientSecret, redirectUri } = shop;
      const configuration = await discovery(new URL(here.url), clientId, undefined, ClientSecretBasic(clientSecret), {
        execute: [allowInsecureRequests],
      });
      const codeVerifier = randomPKCECodeVerifier();
      const address = await buildAuthorizationUrlWithPAR(configuration, {
        redirect_uri: redirectUri,
        scope: 'profile',
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state: 'kept',
      });
      assert.equal(address.searchParams.get('scope'), null);
      const callback = await authorize(address);
      assert.equal(callback.searchParams.get('state'), 'kept');
      const code = callback.searchParams.get('code') ?? '';
      const tokens = await exchange(here.url, { clientId, clientSecret, code, codeVerifier, redirectUri });
      assert.deepEqual(tokens['scope'], ['profile']);
    });

    it('a request URI is valid once, over all processes', async () => {
      const { status, headers, body } = await push(shop, {}, there.url);
      assert.equal(status, 201);
      assert.match(headers.get('cache-control') ?? '', /no-store/);
      assert.match(body['request_uri'], /^urn:ietf:params:oauth:request_uri:/);
      assert.ok(body['expires_in'] > 0 && body['expires_in'] <= 60);
      const address = addressOf(shop, body['request_uri']);
      const person = new Person();
      assert.ok((await authorize(address, { person })).searchParams.get('code'));
      const again = await person.get(address.href);
      assert.ok(again.status >= 400, String(again.status));
      assert.match(await again.text(), /invalid_request_uri/);
    });

    it('C-1 one of 24 people who allow one pushed request at the same moment, at two processes, gets a code', async () => {
      const { body } = await push(shop, { prompt: 'consent' });
      const address = addressOf(shop, body['request_uri']);
      const ready = await Promise.all(
        Array.from({ length: 24 }, async () => {
          const person = new Person();
          const page = await person.follow(await person.get(address.href), here.url);
          const fields = { ...admin, decision: 'sign-in' };
          return { person, page: await person.follow(await person.submit(page, 'sign-in', fields), here.url) };
        }),
      );
      const ends = await Promise.all(
        ready.map(async ({ person, page }) =>
          person.follow(await person.submit(page, 'consent', { decision: 'allow' }), here.url),
        ),
      );
      const codes = ends.filter(({ url }) => new URL(url).searchParams.has('code'));
      assert.equal(codes.length, 1);
    });

    it('is only for the client that pushed it, which authenticates', async () => {
      const { body } = await push(shop);
      const stolen = addressOf(strict, body['request_uri']);
      const answer = await new Person().get(stolen.href);
      assert.ok(answer.status >= 400, String(answer.status));
      const { clientId, redirectUri } = shop;
      for (const clientSecret of ['wrong', '']) {
        const { status, body } = await push({ ...shop, clientSecret });
        assert.ok(status === 401 || status === 400, String(status));
        assert.match(String(body['error']), /^invalid_(client|request)$/);
      }
      const bare = await postForm(here.url, '/oauth/par', { client_id: clientId, redirect_uri: redirectUri });
      assert.equal(bare.body['error'], 'invalid_client');
    });

    it('a request that the authorization endpoint would refuse is refused when it is pushed', async () => {
      for (const [changes, error] of [
        [{ redirect_uri: 'https://elsewhere.example/' }, 'invalid_request'],
        [{ code_challenge_method: 'plain' }, 'invalid_request'],
        [{ code_challenge: '' }, 'invalid_request'],
        [{ response_type: 'token' }, 'unsupported_response_type'],
        [{ resource: 'https://elsewhere.example/' }, 'invalid_target'],
        [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'request_uri_not_supported'],
      ] as const) {
        const { status, body } = await push(shop, changes);
        assert.deepEqual([status, body['error']], [400, error], JSON.stringify(changes));
      }
    });

    it('a client that is registered for pushed requests only can send no other', async () => {
      const { clientId, redirectUri } = strict;
      const plain = authorizeAddress(here.url, { client_id: clientId, redirect_uri: redirectUri });
      const answer = await new Person().get(plain);
      const told = answer.headers.get('location') ?? (await answer.text());
      assert.match(told, /invalid_request/);
      assert.doesNotMatch(told, /interaction/);
      const { body } = await push(strict);
      const callback = await authorize(addressOf(strict, body['request_uri']));
      assert.ok(callback.searchParams.get('code'));
    });
  });
});
