import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as oauth from 'openid-client';
import {
  codeForm,
  exchange,
  exchangeMutation,
  postForm,
  query,
  refresh,
  refreshMutation,
  registerApplication,
  requestCode,
  revoke,
  signInFor,
} from '../support/client.ts';
import { authorize } from '../support/person.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';
import { onDatabaseOrEach } from '../support/databases.ts';

onDatabaseOrEach('SQLite', (database) => {
  let server: TestServer;
  let url: string;
  /** A confidential web application that a person registered. */
  let shop: { clientId: string; clientSecret: string; redirectUri: string };

  before(async () => {
    server = await startTestServer({ database });
    ({ url } = server);
    shop = await registerApplication(url, (await signInFor(url)).accessToken, { name: 'Shop' });
  });
  after(() => server.dispose());

  const viewerQuery = '{ viewer { subject clientId issuer scopes } }';

  /** Returns a new code of the first-party application, and the input that redeems it. */
  async function freshCode() {
    return (await requestCode(url)).input;
  }

  describe('the path', () => {
    it('openid-client uses the endpoints: discovery, code, refresh, revocation', async () => {
      const config = await oauth.discovery(new URL(url), 'claimgate', undefined, oauth.None(), {
        execute: [oauth.allowInsecureRequests],
      });
      const verifier = oauth.randomPKCECodeVerifier();
      const [state, nonce] = [oauth.randomState(), oauth.randomNonce()];
      const address = oauth.buildAuthorizationUrl(config, {
        redirect_uri: 'http://127.0.0.1:5555/callback',
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const tokens = await oauth.authorizationCodeGrant(config, await authorize(address), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const { body } = await query(url, viewerQuery, { token: tokens.access_token });
      const { sub } = tokens.claims() ?? {};
      assert.deepEqual(body, {
        data: { viewer: { subject: sub, clientId: 'claimgate', issuer: url, scopes: ['profile'] } },
      });

      const renewed = await oauth.refreshTokenGrant(config, tokens.refresh_token ?? '');
      assert.equal((await query(url, viewerQuery, { token: renewed.access_token })).status, 200);
      await oauth.tokenRevocation(config, renewed.refresh_token ?? '');
      await assert.rejects(oauth.refreshTokenGrant(config, renewed.refresh_token ?? ''), { error: 'invalid_grant' });
    });

    it('an application with a client secret uses the mutations', async () => {
      const { clientId, clientSecret } = shop;
      const tokens = await signInFor(url, { ...shop, scope: 'openid profile' });
      assert.deepEqual(tokens.scope, ['profile']);
      const { body } = await query(url, viewerQuery, { token: tokens.accessToken });
      assert.equal(body.data.viewer.clientId, clientId);
      const renewed = await refresh(url, { clientId, clientSecret, refreshToken: tokens.refreshToken });
      assert.equal(renewed.tokenType, 'Bearer');
      assert.deepEqual(await revoke(url, { clientId, clientSecret, token: renewed.refreshToken }), { error: null });
      const late = await refresh(url, { clientId, clientSecret, refreshToken: renewed.refreshToken });
      assert.equal(late.error, 'invalid_grant');
    });

    it('the callback names the issuer (RFC 9207) and repeats the state', async () => {
      const { callback, state } = await requestCode(url);
      assert.equal(callback.searchParams.get('iss'), url);
      assert.equal(callback.searchParams.get('state'), state);
    });

    it('a denial on the consent page comes back as access_denied, without a code', async () => {
      const { callback, state } = await requestCode(url, { decision: 'deny' });
      assert.equal(callback.searchParams.get('error'), 'access_denied');
      assert.equal(callback.searchParams.get('state'), state);
      assert.equal(callback.searchParams.get('code'), null);
    });
  });

  describe('C-3 refused at the exchange:', () => {
    it("another client's code is an invalid_grant", async () => {
      const { clientId, clientSecret } = shop;
      const answer = await exchange(url, { ...(await freshCode()), clientId, clientSecret });
      assert.equal(answer.error, 'invalid_grant');
    });

    it('a wrong redirect_uri is an invalid_grant', async () => {
      const redirectUri = 'http://127.0.0.1:5556/callback';
      assert.equal((await exchange(url, { ...(await freshCode()), redirectUri })).error, 'invalid_grant');
    });

    it('an unknown code is an invalid_grant', async () => {
      assert.equal((await exchange(url, { ...(await freshCode()), code: 'made-up' })).error, 'invalid_grant');
    });

    it('a wrong client secret is an invalid_client', async () => {
      const { input } = await requestCode(url, { ...shop, scope: 'profile' });
      const answer = await exchange(url, { ...input, clientSecret: 'not the secret' });
      assert.equal(answer.error, 'invalid_client');
    });

    it('a missing client secret is an invalid_client', async () => {
      const { input } = await requestCode(url, { ...shop, scope: 'profile' });
      assert.equal((await exchange(url, input)).error, 'invalid_client');
    });

    it('a secret of a client without a secret is an invalid_client', async () => {
      const answer = await exchange(url, { ...(await freshCode()), clientSecret: 'a secret' });
      assert.equal(answer.error, 'invalid_client');
    });

    it('an unknown client is an invalid_client', async () => {
      assert.equal((await exchange(url, { ...(await freshCode()), clientId: 'nobody' })).error, 'invalid_client');
    });

    it('and the token endpoint gives the same errors', async () => {
      const form = codeForm(await freshCode());
      const asShop = { ...form, client_id: shop.clientId };
      const answers = [
        await postForm(url, '/oauth/token', asShop, shop),
        await postForm(url, '/oauth/token', { ...form, redirect_uri: 'http://127.0.0.1:5556/callback' }),
        await postForm(url, '/oauth/token', asShop, { ...shop, clientSecret: 'not the secret' }),
        await postForm(url, '/oauth/token', { ...form, client_id: 'nobody' }),
      ];
      assert.deepEqual(
        answers.map(({ body }) => body.error),
        ['invalid_grant', 'invalid_grant', 'invalid_client', 'invalid_client'],
      );
    });
  });

  describe('C-9 guessing in bulk is refused:', () => {
    const call = 'exchangeAuthorizationCode(input: $input) { __typename }';

    it('by aliases', async () => {
      const input = await freshCode();
      const aliases = Array.from({ length: 20 }, (_, index) => `a${index}: ${call}`).join(' ');
      const document = `mutation ($input: ExchangeAuthorizationCodeInput!) { ${aliases} }`;
      const { body } = await query(url, document, { variables: { input: { client: input } } });
      assert.equal(body.data, undefined);
      assert.equal(body.errors?.[0]?.extensions.code, 'TOKEN_MUTATION_LIMIT');
      assert.equal((await exchange(url, input)).tokenType, 'Bearer', 'nothing of it ran');
    });

    it('by a batch', async () => {
      const variables = { input: { client: await freshCode() } };
      const body = JSON.stringify([{ query: exchangeMutation, variables }]);
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
      assert.equal(response.status, 400);
    });

    it('by GET', async () => {
      const variables = JSON.stringify({ input: { client: await freshCode() } });
      const search = new URLSearchParams({ query: exchangeMutation, variables });
      const response = await fetch(`${url}/graphql?${search.toString()}`, {
        headers: { 'apollo-require-preflight': '1' },
      });
      assert.equal(response.status, 405);
    });
  });

  describe('C-10 no cache keeps an answer with tokens:', () => {
    it('of the exchange and the refresh mutation', async () => {
      const exchanged = await query(url, exchangeMutation, { variables: { input: { client: await freshCode() } } });
      assert.equal(exchanged.headers.get('cache-control'), 'no-store');
      const { refreshToken } = exchanged.body.data.exchangeAuthorizationCode;
      const input = { clientId: 'claimgate', refreshToken };
      const refreshed = await query(url, refreshMutation, { variables: { input } });
      assert.equal(refreshed.body.data.refreshAccessToken.tokenType, 'Bearer');
      assert.equal(refreshed.headers.get('cache-control'), 'no-store');
    });

    it('of the token endpoint', async () => {
      const { body, headers } = await postForm(url, '/oauth/token', codeForm(await freshCode()));
      assert.equal(body.token_type, 'Bearer');
      assert.equal(headers.get('cache-control'), 'no-store');
    });

    it('of the registration, which contains the client secret', async () => {
      const { accessToken: token } = await signInFor(url, { scope: 'applications' });
      const input = {
        name: 'Other',
        redirectUris: ['https://other.example/'],
        applicationType: 'WEB',
        tokenEndpointAuthMethod: 'CLIENT_SECRET_POST',
      };
      const document =
        'mutation ($input: RegisterApplicationInput!) { registerApplication(input: $input) { clientSecret } }';
      const { headers, body } = await query(url, document, { token, variables: { input } });
      assert.equal(typeof body.data.registerApplication.clientSecret, 'string');
      assert.equal(headers.get('cache-control'), 'no-store');
    });
  });

  describe('C-11 an expected failure', () => {
    it('is data with a code of RFC 6749, and no GraphQL error', async () => {
      const client = { ...(await freshCode()), code: 'made-up' };
      const { status, body } = await query(url, exchangeMutation, { variables: { input: { client } } });
      assert.equal(status, 200);
      assert.equal(body.errors, undefined);
      assert.deepEqual(Object.keys(body.data.exchangeAuthorizationCode), ['error', 'errorDescription']);
    });

    it('is described with our text, not with the text of the authorization server', async () => {
      const input = { ...(await freshCode()), redirectUri: 'http://127.0.0.1:5556/callback' };
      const { body } = await postForm(url, '/oauth/token', codeForm(input));
      const { errorDescription } = await exchange(url, input);
      assert.notEqual(errorDescription, body.error_description);
      assert.match(errorDescription, /authorization code or refresh token/);
    });
  });

  describe('C-13', () => {
    it('revoking an unknown token succeeds', async () => {
      assert.deepEqual(await revoke(url, { token: 'made-up' }), { error: null });
      const { status } = await postForm(url, '/oauth/revoke', { client_id: 'claimgate', token: 'made-up' });
      assert.equal(status, 200);
    });

    it("another client's token is unaffected", async () => {
      const { refreshToken: token } = await signInFor(url);
      const { clientId, clientSecret } = shop;
      await revoke(url, { clientId, clientSecret, token });
      await postForm(url, '/oauth/revoke', { token }, shop);
      assert.equal((await refresh(url, { refreshToken: token })).tokenType, 'Bearer');
    });

    it('a caller that is not the client revokes nothing', async () => {
      const { refreshToken: token } = await signInFor(url, { ...shop, scope: 'profile' });
      const { clientId, clientSecret } = shop;
      assert.equal((await revoke(url, { clientId, clientSecret: 'wrong', token })).error.error, 'invalid_client');
      assert.equal((await refresh(url, { clientId, clientSecret, refreshToken: token })).tokenType, 'Bearer');
    });
  });

  describe('C-18 a token mutation sent with a bad Authorization header', () => {
    for (const [name, document] of [
      ['exchangeAuthorizationCode', exchangeMutation],
      ['refreshAccessToken', refreshMutation],
    ] as const) {
      it(`gets 401 and a message to leave the header out: ${name}`, async () => {
        const { status, headers, body } = await query(url, document, { token: 'expired.or.worse', variables: {} });
        assert.equal(status, 401);
        assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
        assert.match(body.errors?.[0]?.message ?? '', /without an Authorization header/);
      });
    }

    it('does not use up the code', async () => {
      const input = await freshCode();
      await query(url, exchangeMutation, { token: 'expired.or.worse', variables: { input: { client: input } } });
      assert.equal((await exchange(url, input)).tokenType, 'Bearer');
    });
  });

  describe('a revoked grant', () => {
    it('yields nothing from that moment on, and other grants continue', async () => {
      const taken = await signInFor(url, { scope: 'grants' });
      const kept = await signInFor(url, { scope: 'grants' });
      const list = await query(url, '{ grants(first: 100) { nodes { id scopes } } }', { token: kept.accessToken });
      // Newest first: the grant that stays, then the grant that is revoked.
      const [, { id }] = list.body.data.grants.nodes;
      const document = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { id } } }';
      const { body } = await query(url, document, { variables: { id }, token: kept.accessToken });
      assert.equal(body.data.revokeGrant.grant.id, id);
      assert.equal((await refresh(url, { refreshToken: taken.refreshToken })).error, 'invalid_grant');
      assert.equal((await refresh(url, { refreshToken: kept.refreshToken })).tokenType, 'Bearer');
    });

    it('also ends its unredeemed code', async () => {
      const { accessToken: token } = await signInFor(url, { scope: 'grants' });
      const input = await freshCode();
      const list = await query(url, '{ grants(first: 1) { nodes { id } } }', { token });
      const [{ id }] = list.body.data.grants.nodes;
      const document = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { id } } }';
      await query(url, document, { variables: { id }, token });
      assert.equal((await exchange(url, input)).error, 'invalid_grant');
    });
  });

  it('the administrator of the first start has signed in', async () => {
    const { accessToken: token } = await signInFor(url, { scope: 'profile' });
    const { body } = await query(url, '{ viewer { account { email roles } } }', { token });
    assert.deepEqual(body.data.viewer.account, { email: admin.email, roles: ['administrator'] });
  });
});
