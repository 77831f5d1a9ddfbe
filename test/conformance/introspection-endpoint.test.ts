import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import { disableAccount } from '../../src/identity/accounts/disabling.ts';
import { publishedKeyPairs } from '../../src/identity/keys/signing-keys.ts';
import { postForm, refresh, registerApplication, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';

type Application = Awaited<ReturnType<typeof registerApplication>>;

let here: TestServer;
let there: TestServer;
let shop: Application;
let other: Application;

onDatabaseOrEach('PostgreSQL', (database) => {
  before(async () => {
    here = await startTestServer({ database });
    there = await startTestServer({ beside: here });
    const { accessToken } = await signInFor(here.url);
    shop = await registerApplication(here.url, accessToken, { name: 'Shop' });
    other = await registerApplication(here.url, accessToken, { name: 'Other' });
  });
  after(async () => {
    await there.dispose();
    await here.dispose();
  });

  const inactive = { active: false };

  function introspect(token: string, by: Application = shop, fields: Record<string, string> = {}) {
    return postForm(there.url, '/oauth/introspect', { token, ...fields }, by);
  }

  function tokensOf({ clientId, clientSecret, redirectUri }: Application, options = {}) {
    return signInFor(here.url, { clientId, clientSecret, redirectUri, scope: 'openid profile', ...options });
  }

  describe('C-14 introspection (RFC 7662)', () => {
    it('a client introspects its own access token, at another process than the one that issued it', async () => {
      const { accessToken } = await tokensOf(shop);
      const claims = decodeJwt(accessToken);
      for (const hint of [undefined, 'access_token', 'refresh_token']) {
        const { status, body, headers } = await introspect(accessToken, shop, hint ? { token_type_hint: hint } : {});
        assert.equal(status, 200);
        assert.match(headers.get('content-type') ?? '', /^application\/json/);
        assert.match(headers.get('cache-control') ?? '', /no-store/);
        const { active, token_type, scope, client_id, sub, aud, iss, exp, iat, jti } = body;
        assert.deepEqual([active, token_type, scope, client_id], [true, 'Bearer', 'profile', shop.clientId]);
        assert.deepEqual([sub, aud, iss], [claims.sub, `${here.url}/graphql`, here.url]);
        assert.deepEqual([exp, iat, jti], [claims.exp, claims.iat, claims.jti]);
        assert.equal(body['grant_id'] ?? body['sid'], undefined);
      }
    });

    it('a client introspects its own refresh token until it is used', async () => {
      const { refreshToken } = await tokensOf(shop);
      const { body } = await introspect(refreshToken);
      assert.deepEqual([body['active'], body['client_id']], [true, shop.clientId]);
      assert.equal(body['token_type'], undefined);
      const { clientId, clientSecret } = shop;
      const renewed = await refresh(here.url, { refreshToken, clientId, clientSecret });
      // The token is inactive even within the grace period.
      assert.deepEqual((await introspect(refreshToken)).body, inactive);
      assert.equal((await introspect(renewed['refreshToken'])).body['active'], true);
    });

    it('a token of another client is not active, without further members', async () => {
      const { accessToken, refreshToken } = await tokensOf(other);
      for (const token of [accessToken, refreshToken]) {
        const { status, body } = await introspect(token);
        assert.deepEqual([status, body], [200, inactive]);
      }
    });

    it('an unknown, forged, malformed or expired token is not active, nor is one of another kind', async () => {
      const { accessToken, idToken } = await tokensOf(shop);
      const [header = '', payload = '', signature = ''] = accessToken.split('.');
      const claims = { ...decodeJwt(accessToken), exp: Math.floor(Date.now() / 1000) - 1 };
      const expired = await withStore(here, async (store) => {
        const [key] = await publishedKeyPairs(store, null, Date.now());
        assert.ok(key);
        const signer = new SignJWT(claims).setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid });
        return signer.sign(await importJWK(key.privateJwk, key.alg));
      });
      const forged = [header, Buffer.from('{"active":true}').toString('base64url'), signature].join('.');
      const unsigned = [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), payload, ''].join('.');
      for (const token of ['unknown', 'a.b.c', forged, unsigned, expired, idToken ?? '', `${accessToken}x`]) {
        const { status, body } = await introspect(token);
        assert.deepEqual([status, body], [200, inactive], token);
      }
    });

    it('a revoked token is not active, at once and at every process', async () => {
      const { clientId, clientSecret } = shop;
      const one = await tokensOf(shop);
      await postForm(here.url, '/oauth/revoke', { token: one.accessToken }, { clientId, clientSecret });
      assert.deepEqual((await introspect(one.accessToken)).body, inactive);
      assert.equal((await introspect(one.refreshToken)).body['active'], true);
      await postForm(here.url, '/oauth/revoke', { token: one.refreshToken }, { clientId, clientSecret });
      assert.deepEqual((await introspect(one.refreshToken)).body, inactive);

      const grant = await tokensOf(shop);
      await postForm(here.url, '/oauth/revoke', { token: grant.refreshToken }, { clientId, clientSecret });
      assert.deepEqual((await introspect(grant.accessToken)).body, inactive);
    });

    it('the tokens of a disabled account are not active', async () => {
      const account = await addPerson(here, 'grace@example.com');
      const { accessToken, refreshToken } = await tokensOf(shop, { account });
      assert.equal((await introspect(refreshToken)).body['active'], true);
      await withStore(here, (store) => disableAccount(store, account.id, Date.now()));
      for (const token of [accessToken, refreshToken]) assert.deepEqual((await introspect(token)).body, inactive);
    });

    it('requires client authentication', async () => {
      const { accessToken } = await tokensOf(shop);
      const publicTokens = await signInFor(here.url);
      const { clientId, clientSecret } = shop;
      const unproven = [
        await postForm(here.url, '/oauth/introspect', { token: accessToken }),
        await postForm(here.url, '/oauth/introspect', { token: accessToken, client_id: clientId }),
        await introspect(accessToken, { ...shop, clientSecret: `${clientSecret}x` }),
        await postForm(here.url, '/oauth/introspect', { token: accessToken, client_id: 'nobody' }),
      ];
      for (const { status, body } of unproven) {
        assert.ok(status === 400 || status === 401, String(status));
        assert.match(String(body['error']), /^invalid_(client|request)$/);
        assert.equal(body['active'], undefined);
      }
      // A public client cannot authenticate, not even for its own tokens.
      for (const token of [publicTokens.accessToken, publicTokens.refreshToken, 'unknown']) {
        const { status, body } = await postForm(here.url, '/oauth/introspect', { token, client_id: 'claimgate' });
        assert.deepEqual([status, body['error'], body['active']], [401, 'invalid_client', undefined]);
      }
    });
  });
});
