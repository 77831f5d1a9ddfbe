import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { shippedScopes } from '../../src/identity/grants/scopes.ts';
import { exchange, query, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';

interface Registered {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

onDatabaseOrEach('SQLite', (database) => {
  describe('C-15 consent', () => {
    let server: TestServer;
    let shop: Registered;
    let token: string;
    let count = 0;
    before(async () => {
      server = await startTestServer({ database });
      ({ accessToken: token } = await signInFor(server.url, { scope: 'applications' }));
      shop = await registerApplication(server.url, token);
    });
    after(() => server.dispose());

    /** Makes a new account and a browser for it. */
    async function newPerson(roles: readonly string[] = []) {
      count += 1;
      const account = await addPerson(server, `person${count}@example.com`, roles);
      return { account, id: account.id, person: new Person() };
    }
    type NewPerson = Awaited<ReturnType<typeof newPerson>>;

    const optionsFor = ({ account, person }: NewPerson, scope: string, application: Registered) => ({
      account,
      person,
      scope,
      clientId: application.clientId,
      redirectUri: application.redirectUri,
    });

    async function allow(who: NewPerson, scope: string, application = shop) {
      const { input } = await requestCode(server.url, optionsFor(who, scope, application));
      const { clientSecret } = application;
      const tokens = await exchange(server.url, { ...input, ...(clientSecret && { clientSecret }) });
      assert.ok(tokens['accessToken'], JSON.stringify(tokens));
      return tokens as { accessToken: string; refreshToken: string; scope: string[] };
    }

    /** Returns the consent page for a request; `null` if there is no page and the application gets a code directly. */
    async function asked(who: NewPerson, scope: string, application = shop, parameters: Record<string, string> = {}) {
      const address = new URL('/oauth/authorize', server.url);
      address.search = new URLSearchParams({
        client_id: application.clientId,
        response_type: 'code',
        redirect_uri: application.redirectUri,
        scope,
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
        ...parameters,
      }).toString();
      const { url, html } = await who.person.follow(await who.person.get(address.href), server.url);
      if (html.includes('/consent"')) return html;
      const answer = new URL(url).searchParams;
      assert.ok(answer.get('code') ?? answer.get('error'), html);
      return answer.get('error');
    }

    it('to a confidential application at an https address is remembered, and covers requests for fewer scopes', async () => {
      const who = await newPerson();
      const first = await allow(who, 'openid profile grants');
      for (const scope of ['openid profile grants', 'profile', 'openid', 'grants']) {
        assert.equal(await asked(who, scope), null, scope);
        assert.equal(await asked(who, scope, shop, { prompt: 'none' }), null, scope);
      }
      const second = await allow(who, 'profile');
      assert.deepEqual(second.scope, ['profile']);
      assert.equal(decodeJwt(second.accessToken)['grant_id'], decodeJwt(first.accessToken)['grant_id']);
    });

    it('is asked for again if a scope is new, and the page says which one', async () => {
      const who = await newPerson();
      await allow(who, 'profile');
      const page = await asked(who, 'profile grants');
      assert.match(
        String(page),
        /will be able to:<\/p><ul><li>[^<]* <code>grants<\/code><\/li><\/ul>[^]*before[^]*<code>profile<\/code>/,
      );
      assert.equal(await asked(who, 'grants', shop, { prompt: 'none' }), 'consent_required');
      assert.match(String(await asked(who, 'openid profile')), /<code>openid<\/code>/);
      await allow(who, 'grants');
      // The page of the second consent also showed the first consent.
      assert.equal(await asked(who, 'profile grants'), null);
    });

    it('is asked for again by prompt=consent', async () => {
      const who = await newPerson();
      await allow(who, 'profile');
      assert.match(String(await asked(who, 'profile', shop, { prompt: 'consent' })), /<code>profile<\/code>/);
    });

    it('that was revoked is no longer remembered, and its grants and tokens end', async () => {
      const who = await newPerson();
      const tokens = await allow(who, 'profile grants');
      const later = await allow(who, 'profile');
      const { body } = await query(server.url, '{ grants { nodes { id } } }', { token: tokens.accessToken });
      assert.equal(body.data.grants.nodes.length, 1);
      const [{ id }] = body.data.grants.nodes;
      const revoked = await query(
        server.url,
        'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { id } } }',
        {
          token: tokens.accessToken,
          variables: { id },
        },
      );
      assert.equal(revoked.status, 200, JSON.stringify(revoked.body));
      for (const { accessToken } of [tokens, later]) {
        assert.equal((await query(server.url, '{ viewer { subject } }', { token: accessToken })).status, 401);
      }
      assert.match(String(await asked(who, 'profile')), /<code>profile<\/code>/);
    });

    it('is no longer remembered without a role that it required, and is asked for again for the scopes of a new role', async () => {
      const who = await newPerson(['administrator']);
      const wide = await registerApplication(server.url, token);
      await withStore(server, (store) =>
        store.updateTable('applications').set({ scopes: null }).where('id', '=', wide.clientId).execute(),
      );
      const catalogue = new Map(Object.entries(shippedScopes));
      const roles = (names: readonly string[]) =>
        withStore(server, (store) => setRoles(store, catalogue, who.id, names, Date.now()));
      await allow(who, 'profile audit', wide);
      assert.equal(await asked(who, 'profile audit', wide), null);
      await roles([]);
      assert.match(String(await asked(who, 'profile audit', wide)), /will not get[^]*<code>audit<\/code>/);
      await allow(who, 'profile audit', wide);
      assert.equal(await asked(who, 'profile audit', wide), null, 'what it may not give is no more to ask for');
      await roles(['administrator']);
      assert.match(
        String(await asked(who, 'profile audit', wide)),
        /be able to:<\/p><ul><li>[^<]* <code>audit<\/code>/,
      );
    });

    it('is remembered for one account and one application only', async () => {
      const [one, other] = [await newPerson(), await newPerson()];
      await allow(one, 'profile');
      await allow(other, 'grants');
      assert.match(String(await asked(other, 'profile')), /<code>profile<\/code>/);
      const elsewhere = await registerApplication(server.url, token);
      assert.match(String(await asked(one, 'profile', elsewhere)), /<code>profile<\/code>/);
    });

    for (const [name, changes] of [
      [
        'a loopback address',
        { applicationType: 'NATIVE', redirectUris: ['http://127.0.0.1/callback'], tokenEndpointAuthMethod: 'NONE' },
      ],
      [
        'a loopback address of an application with a secret',
        { applicationType: 'NATIVE', redirectUris: ['http://127.0.0.1/callback'] },
      ],
      [
        'a private-use scheme',
        { applicationType: 'NATIVE', redirectUris: ['com.example.app:/callback'], tokenEndpointAuthMethod: 'NONE' },
      ],
      ['an application without a secret', { tokenEndpointAuthMethod: 'NONE' }],
    ] as const) {
      it(`is never remembered for ${name}`, async () => {
        const who = await newPerson();
        const application = await registerApplication(server.url, token, changes);
        await allow(who, 'profile', application);
        assert.match(String(await asked(who, 'profile', application)), /<code>profile<\/code>/);
      });
    }
  });
});
