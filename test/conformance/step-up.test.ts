import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { authorizeAddress, type CodeOptions, exchange, query, refresh, requestCode } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { addPerson, admin, startTestServer, type TestServer } from '../support/server.ts';

const context = 'urn:claimgate:acr:pwd';
/** Long enough for a sign-in on a slow machine. */
const maxAgeSeconds = 6;
const config = `export default {
  modules: [{
    name: 'vault',
    typeDefs: \`extend type Query {
      recent: String @auth(maxAge: ${maxAgeSeconds})
      strong: String @auth(acr: ["${context}"])
      stronger: String @auth(acr: ["urn:example:gold"])
    }\`,
    resolvers: { Query: { recent: () => 'recent', strong: () => 'strong', stronger: () => 'stronger' } },
  }],
};`;

onDatabaseOrEach('SQLite', (database) => {
  describe('A-10 step-up at the embedded authorization server', () => {
    let server: TestServer;
    /** A person who signs in before the tests. At the last test, the sign-in is too old for the rule. */
    let early: { readonly person: Person } & Awaited<ReturnType<typeof tokensFor>>;
    before(async () => {
      server = await startTestServer({ database, config });
      const person = new Person();
      early = { person, ...(await tokensFor(person)) };
    });
    after(() => server.dispose());

    async function tokensFor(person: Person, options: CodeOptions = {}) {
      const { callback, input } = await requestCode(server.url, { person, scope: 'openid profile', ...options });
      assert.equal(callback.searchParams.get('error'), null, callback.href);
      const { accessToken, idToken, refreshToken } = await exchange(server.url, input);
      return { accessToken, idToken, refreshToken, claims: decodeJwt(accessToken) };
    }

    /** Returns where an authorization request leads in this browser: a page or the callback. */
    async function lead(person: Person, parameters: Record<string, string>) {
      const address = authorizeAddress(server.url, { scope: 'openid profile', ...parameters });
      return person.follow(await person.get(address), server.url);
    }

    it('without max_age a signed-in person is not asked again, and a refresh keeps auth_time', async () => {
      const person = new Person();
      const first = await tokensFor(person);
      await sleep(1_100);
      const { html } = await lead(person, { max_age: '600' });
      assert.ok(html.includes('/consent"'), 'the password is not asked for');
      const renewed = await refresh(server.url, { refreshToken: first.refreshToken });
      assert.equal(decodeJwt(renewed['accessToken'])['auth_time'], first.claims['auth_time']);
      assert.equal(decodeJwt(renewed['accessToken'])['acr'], context);
    });

    it('prompt=login asks for the password, and then for consent', async () => {
      const person = new Person();
      const first = await tokensFor(person);
      await sleep(1_100);
      const again = await tokensFor(person, { parameters: { prompt: 'login' } });
      assert.ok(Number(again.claims['auth_time']) > Number(first.claims['auth_time']));
    });

    it('a sign-in with another account signs the first one out', async () => {
      const eve = await addPerson(server, 'eve@example.com');
      const person = new Person();
      const first = await tokensFor(person);
      const second = await tokensFor(person, { account: eve, parameters: { prompt: 'login' } });
      assert.notEqual(second.claims.sub, first.claims.sub);
      assert.equal((await query(server.url, '{ viewer { subject } }', { token: first.accessToken })).status, 401);
    });

    it('prompt=none is answered with the missing step, without a page', async () => {
      const person = new Person();
      const errorOf = async (parameters: Record<string, string>) => {
        const { url } = await lead(person, { prompt: 'none', ...parameters });
        return new URL(url).searchParams.get('error');
      };
      assert.equal(await errorOf({}), 'login_required');
      await tokensFor(person);
      // Consent is not remembered for a loopback address.
      assert.ok(['consent_required', 'interaction_required'].includes(String(await errorOf({}))));
      await sleep(2_100);
      assert.equal(await errorOf({ max_age: '1' }), 'login_required');
    });

    it('an acr value that sign-ins here have is met, and any other is refused', async () => {
      const person = new Person();
      const { accessToken, idToken } = await tokensFor(person, {
        parameters: { acr_values: `urn:example:gold ${context}` },
      });
      assert.equal(decodeJwt(String(idToken))['acr'], context);
      assert.deepEqual((await query(server.url, '{ strong }', { token: accessToken })).body.data, { strong: 'strong' });
      const denied = await query(server.url, '{ stronger }', { token: accessToken });
      assert.equal(denied.status, 401);
      assert.match(denied.headers.get('www-authenticate') ?? '', /acr_values="urn:example:gold"/);
      const { url } = await lead(person, { acr_values: 'urn:example:gold' });
      const answer = new URL(url).searchParams;
      assert.equal(answer.get('error'), 'unmet_authentication_requirements');
      assert.match(answer.get('error_description') ?? '', new RegExp(context));
      assert.equal(answer.get('code'), null);
    });

    it('its metadata lists the acr values', async () => {
      const metadata = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json();
      assert.deepEqual((metadata as { acr_values_supported: string[] }).acr_values_supported, [context]);
    });

    it('a token that is too old gets the maximum age, and a new sign-in gets through', async () => {
      const { person, ...old } = early;
      assert.equal(old.claims['acr'], context);
      const tooOldMs = (Number(old.claims['auth_time']) + maxAgeSeconds + 1) * 1_000;
      while (Date.now() <= tooOldMs) await sleep(tooOldMs - Date.now() + 10);
      const denied = await query(server.url, '{ recent }', { token: old.accessToken });
      assert.equal(denied.status, 401);
      const challenge = denied.headers.get('www-authenticate') ?? '';
      assert.match(challenge, /error="insufficient_user_authentication"/);
      const maxAge = /max_age="?(\d+)/.exec(challenge)?.[1] ?? '';
      assert.equal(maxAge, String(maxAgeSeconds));
      assert.equal(denied.body.errors?.[0]?.extensions.code, 'STEP_UP_REQUIRED');

      const { html } = await lead(person, { max_age: maxAge });
      assert.match(html, /You are signed in\. Prove once more that it is you/);
      assert.match(html, new RegExp(`value="${admin.email}"`));
      const fresh = await tokensFor(person, { parameters: { max_age: maxAge } });
      assert.ok(Number(fresh.claims['auth_time']) > Number(old.claims['auth_time']));
      const idToken = decodeJwt(String(fresh.idToken));
      assert.equal(idToken['auth_time'], fresh.claims['auth_time']);
      assert.equal(fresh.claims.sub, old.claims.sub);
      const { status, body } = await query(server.url, '{ recent }', { token: fresh.accessToken });
      assert.deepEqual([status, body.data], [200, { recent: 'recent' }]);
    });
  });
});
