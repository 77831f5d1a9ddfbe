import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import { publishedKeyPairs } from '../../src/identity/keys/signing-keys.ts';
import { disableAccount } from '../../src/identity/accounts/disabling.ts';
import { openDatabase } from '../../src/store/database.ts';
import { isRevoked } from '../../src/store/token/revocations.ts';
import {
  authorizeAddress,
  postForm,
  query,
  refresh,
  refreshMutation,
  registerApplication,
  revoke,
  signInFor,
} from '../support/client.ts';
import { Person } from '../support/person.ts';
import { until } from '../support/process.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';
import { assertUntold, makeKey, sign } from '../support/tokens.ts';
import { onEachDatabase } from '../support/databases.ts';

onEachDatabase((database) => {
  /** The longest delay that A-11 allows, in milliseconds. */
  const allowed = 2_000;
  const viewer = '{ viewer { subject } }';
  const revokeGrant = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { scopes } } }';
  const revokeToken = `mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { __typename } }`;

  async function accepts(server: TestServer, token: string): Promise<boolean> {
    const { status, body, headers } = await query(server.url, viewer, { token });
    if (status === 200) return true;
    assert.equal(status, 401, JSON.stringify(body));
    assert.equal(body.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
    assert.match(body.errors?.[0]?.message ?? '', /it was revoked/);
    assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
    return false;
  }

  /** Measures and reports how long a token is still accepted. */
  async function measure(t: TestContext, what: string, server: TestServer, token: string): Promise<void> {
    const from = performance.now();
    await until(async () => !(await accepts(server, token)), allowed);
    t.diagnostic(`${what}: refused after ${(performance.now() - from).toFixed(0)} ms`);
  }

  describe('A-11 two processes on one database', () => {
    let here: TestServer;
    let there: TestServer;
    const seen: string[] = [];
    before(async () => {
      here = await startTestServer({ database });
      there = await startTestServer({ beside: here });
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    /** Returns a token that both processes have accepted and therefore cached. */
    async function acceptedToken() {
      const tokens = await signInFor(here.url);
      seen.push(tokens.accessToken);
      for (const server of [here, there, here, there]) assert.ok(await accepts(server, tokens.accessToken));
      return tokens;
    }

    it('a token names its grant, its session, and the time of authentication', async () => {
      const { accessToken } = await signInFor(here.url);
      const { grant_id, sid, auth_time, iat = 0 } = decodeJwt(accessToken);
      assert.equal(typeof grant_id, 'string');
      assert.equal(typeof sid, 'string');
      assert.ok(typeof auth_time === 'number' && Math.abs(iat - auth_time) < 60);
    });

    it('a refreshed token names the same as the first', async () => {
      const { accessToken, refreshToken } = await signInFor(here.url);
      const variables = { input: { clientId: 'claimgate', refreshToken } };
      const { body } = await query(here.url, refreshMutation, { variables });
      const [first, second] = [accessToken, body.data.refreshAccessToken.accessToken].map((token) => decodeJwt(token));
      for (const claim of ['grant_id', 'sid', 'auth_time']) {
        assert.ok(first?.[claim] !== undefined && first[claim] === second?.[claim], claim);
      }
    });

    it('the tokens of a revoked grant are refused at once here, and within two seconds elsewhere', async (t) => {
      for (let round = 1; round <= 5; round += 1) {
        const [doer, other] = round % 2 ? [here, there] : [there, here];
        const { accessToken } = await acceptedToken();
        const id = Buffer.from(`Grant:${String(decodeJwt(accessToken)['grant_id'])}`).toString('base64url');
        const { body } = await query(doer.url, revokeGrant, { token: accessToken, variables: { id } });
        assert.equal(body.errors, undefined, JSON.stringify(body));
        assert.equal(await accepts(doer, accessToken), false);
        await measure(t, `grant, round ${round}, the other process`, other, accessToken);
      }
    });

    it('another grant of the same account and application stays valid', async () => {
      const kept = await acceptedToken();
      const revoked = await acceptedToken();
      const id = Buffer.from(`Grant:${String(decodeJwt(revoked.accessToken)['grant_id'])}`).toString('base64url');
      await query(here.url, revokeGrant, { token: kept.accessToken, variables: { id } });
      assert.equal(await accepts(here, revoked.accessToken), false);
      assert.ok(await accepts(here, kept.accessToken));
    });

    it('the access tokens of a revoked refresh token are refused', async (t) => {
      const { accessToken, refreshToken } = await acceptedToken();
      const variables = { input: { clientId: 'claimgate', token: refreshToken } };
      const { body } = await query(here.url, revokeToken, { variables });
      assert.equal(body.errors, undefined, JSON.stringify(body));
      assert.equal(await accepts(here, accessToken), false);
      await measure(t, 'refresh token, the other process', there, accessToken);
    });

    it('an access token that the endpoint revoked is refused at once here, and within two seconds elsewhere', async (t) => {
      for (let round = 1; round <= 5; round += 1) {
        const [doer, other] = round % 2 ? [here, there] : [there, here];
        const { accessToken, refreshToken } = await acceptedToken();
        const kept = await refresh(doer.url, { refreshToken });
        const answer = await postForm(doer.url, '/oauth/revoke', { client_id: 'claimgate', token: accessToken });
        assert.deepEqual([answer.status, answer.body], [200, {}]);
        assert.equal(await accepts(doer, accessToken), false);
        await measure(t, `access token, round ${round}, the other process`, other, accessToken);
        // The grant and its other tokens stay valid.
        assert.ok((await accepts(here, kept['accessToken'])) && (await accepts(there, kept['accessToken'])));
        assert.equal(typeof (await refresh(doer.url, { refreshToken: kept['refreshToken'] }))['accessToken'], 'string');
      }
    });

    it('the mutation revokes an access token, also when it is repeated', async () => {
      const { accessToken } = await acceptedToken();
      for (let time = 0; time < 3; time += 1) {
        assert.deepEqual(await revoke(here.url, { token: accessToken }), { error: null });
        assert.equal(await accepts(here, accessToken), false);
      }
    });

    it('an access token is revoked with each hint, and with each media type of the answer', async () => {
      for (const hint of ['access_token', 'refresh_token', 'no such hint']) {
        const { accessToken } = await acceptedToken();
        const response = await fetch(`${here.url}/oauth/revoke`, {
          method: 'POST',
          headers: { accept: 'text/html' },
          body: new URLSearchParams({ client_id: 'claimgate', token: accessToken, token_type_hint: hint }),
        });
        assert.deepEqual([response.status, await response.text()], [200, '']);
        assert.equal(await accepts(here, accessToken), false);
      }
    });

    it('an access token is revoked by its own client only, which must authenticate', async () => {
      const { accessToken: manager } = await acceptedToken();
      const application = await registerApplication(here.url, manager);
      const { clientId, clientSecret, redirectUri } = application;
      const { accessToken } = await signInFor(here.url, { clientId, clientSecret, redirectUri, scope: 'profile' });
      const form = { token: accessToken };
      // A public client gets the same answer, but nothing is revoked.
      const other = await postForm(here.url, '/oauth/revoke', { ...form, client_id: 'claimgate' });
      assert.deepEqual([other.status, other.body], [200, {}]);
      assert.ok(await accepts(here, accessToken));
      const unproven = [
        await postForm(here.url, '/oauth/revoke', { ...form, client_id: clientId }),
        await postForm(here.url, '/oauth/revoke', form, { clientId, clientSecret: `${clientSecret}x` }),
        await postForm(here.url, '/oauth/revoke', { ...form, client_id: 'nobody' }),
        await postForm(here.url, '/oauth/revoke', form),
      ];
      for (const { status, body } of unproven) {
        assert.ok(status === 400 || status === 401, String(status));
        assert.match(String(body['error']), /^invalid_(client|request)$/);
      }
      assert.ok(await accepts(here, accessToken));
      const own = await postForm(here.url, '/oauth/revoke', form, { clientId, clientSecret });
      assert.deepEqual([own.status, own.body], [200, {}]);
      assert.equal(await accepts(here, accessToken), false);
    });

    it('an access token of another issuer is not an error; a JWT of another type is one', async () => {
      const { accessToken, idToken } = await signInFor(here.url, { scope: 'openid profile' });
      const [header = '', payload = '', signature = ''] = accessToken.split('.');
      const claims = { ...decodeJwt(accessToken), exp: 4_000_000_000 };
      const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
      const elsewhere = sign(makeKey(), { payload: decodeJwt(accessToken) });
      const unsigned = [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), payload, ''].join('.');
      for (const token of [forged, elsewhere, unsigned]) {
        const answer = await postForm(here.url, '/oauth/revoke', { client_id: 'claimgate', token });
        assert.deepEqual([answer.status, answer.body], [200, {}]);
      }
      assert.ok(await accepts(here, accessToken));
      const { error } = await revoke(here.url, { token: idToken ?? '' });
      assert.equal(error.error, 'unsupported_token_type');
      const twice = new URLSearchParams({ client_id: 'claimgate', token: accessToken });
      twice.append('token', accessToken);
      const malformed = await fetch(`${here.url}/oauth/revoke`, { method: 'POST', body: twice });
      assert.equal(malformed.status, 400);
      assert.ok(await accepts(here, accessToken));
    });

    it('an access token that expired long ago is not an error, and no row is stored', async () => {
      const { accessToken } = await acceptedToken();
      const claims = { ...decodeJwt(accessToken), jti: 'ran-out', exp: Math.floor(Date.now() / 1000) - 120 };
      await withStore(here, async (store) => {
        const [key] = await publishedKeyPairs(store, null, Date.now());
        assert.ok(key);
        const signer = await importJWK(key.privateJwk, key.alg);
        const header = { alg: key.alg, typ: 'at+jwt', kid: key.kid };
        for (const [changes, revoked] of [
          [{}, false],
          [{ exp: claims.exp + 600 }, true],
        ] as const) {
          const token = await new SignJWT({ ...claims, ...changes }).setProtectedHeader(header).sign(signer);
          const answer = await postForm(here.url, '/oauth/revoke', { client_id: 'claimgate', token });
          assert.deepEqual([answer.status, answer.body], [200, {}]);
          assert.equal(await isRevoked(store, 'token', 'ran-out'), revoked);
        }
      });
    });

    it('the access tokens of an ended session are refused, others are not, and its grants stay valid', async (t) => {
      const person = new Person();
      const first = await signInFor(here.url, { person });
      const other = await signInFor(here.url);
      // A later request of the same browser changes the session identifier and ends no token.
      const later = await signInFor(here.url, { person });
      assert.equal(decodeJwt(later.accessToken)['sid'], decodeJwt(first.accessToken)['sid']);
      for (const { accessToken } of [first, other, later]) {
        for (const server of [here, there]) assert.ok(await accepts(server, accessToken));
      }
      const page = await person.follow(await person.get(authorizeAddress(here.url)), here.url);
      await person.submit(page, 'switch', {});
      assert.equal(await accepts(here, first.accessToken), false);
      assert.equal(await accepts(here, later.accessToken), false);
      await measure(t, 'session, the other process', there, first.accessToken);
      await measure(t, 'session, the other process, its other token', there, later.accessToken);
      for (const server of [here, there]) assert.ok(await accepts(server, other.accessToken));
      const renewed = await refresh(here.url, { refreshToken: first.refreshToken });
      assert.ok(await accepts(here, renewed['accessToken']));
      assert.equal(decodeJwt(renewed['accessToken'])['sid'], undefined);
      assert.equal(decodeJwt(renewed['accessToken'])['grant_id'], decodeJwt(first.accessToken)['grant_id']);
    });

    it('a revoked token stays revoked after a restart', async () => {
      const { accessToken } = await acceptedToken();
      const id = Buffer.from(`Grant:${String(decodeJwt(accessToken)['grant_id'])}`).toString('base64url');
      await query(here.url, revokeGrant, { token: accessToken, variables: { id } });
      const restarted = await startTestServer({ beside: here });
      try {
        assert.equal(await accepts(restarted, accessToken), false);
      } finally {
        await restarted.stop();
      }
    });

    it('both refuse the tokens of an account within two seconds after a third process disabled it', async (t) => {
      const { accessToken, refreshToken } = await acceptedToken();
      await addPerson(here, 'another@example.com', ['administrator']);
      const store = await openDatabase(here.databaseUrl);
      t.after(() => store.destroy());
      assert.ok(await disableAccount(store, String(decodeJwt(accessToken).sub), Date.now()));
      await Promise.all([
        measure(t, 'account, one process', here, accessToken),
        measure(t, 'account, the other', there, accessToken),
      ]);
      const variables = { input: { clientId: 'claimgate', refreshToken } };
      const { body } = await query(here.url, refreshMutation, { variables });
      assert.equal(body.data.refreshAccessToken.error, 'invalid_grant');
    });

    it('no log contains a token', () => {
      assert.ok(seen.length > 0);
      for (const token of seen) {
        for (const server of [here, there]) assertUntold(token, server.output());
      }
    });
  });
});
