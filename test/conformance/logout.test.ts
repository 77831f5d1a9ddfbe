import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  authorizeAddress,
  exchange,
  query,
  refresh,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { addPerson, admin, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/process.ts';

const viewer = '{ viewer { subject } }';
const back = 'https://app.example/signed-out';

onDatabaseOrEach('PostgreSQL', (database) => {
  describe('RP-initiated logout', () => {
    let here: TestServer;
    let there: TestServer;
    let shop: { clientId: string; clientSecret: string; redirectUri: string };
    before(async () => {
      here = await startTestServer({ database });
      there = await startTestServer({ beside: here });
      const { accessToken: token } = await signInFor(here.url, { scope: 'applications' });
      shop = await registerApplication(here.url, token, { name: 'Shop <1>', postLogoutRedirectUris: [back] });
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    async function signedIn(person = new Person(), account = admin) {
      const { clientId, redirectUri } = shop;
      const { input } = await requestCode(here.url, {
        person,
        account,
        clientId,
        redirectUri,
        scope: 'openid profile',
      });
      const tokens = await exchange(here.url, { ...input, clientSecret: shop.clientSecret });
      return {
        person,
        accessToken: String(tokens['accessToken']),
        refreshToken: String(tokens['refreshToken']),
        idToken: String(tokens['idToken']),
      };
    }

    function address(parameters: Record<string, string>): string {
      return `${here.url}/oauth/logout?${new URLSearchParams(parameters).toString()}`;
    }

    async function ask(person: Person, parameters: Record<string, string>) {
      return person.follow(await person.get(address(parameters)), here.url);
    }

    async function isSignedIn(person: Person): Promise<boolean> {
      const request = authorizeAddress(here.url, { scope: 'openid profile', prompt: 'none' });
      const { url } = await person.follow(await person.get(request), here.url);
      return new URL(url).searchParams.get('error') !== 'login_required';
    }

    it('asks the person, signs them out, ends the tokens of the session everywhere, and sends them back', async () => {
      const { person, accessToken, refreshToken, idToken } = await signedIn();
      const page = await ask(person, { id_token_hint: idToken, post_logout_redirect_uri: back, state: 's&1' });
      assert.equal(page.response.status, 200);
      assert.match(page.html, /Shop &#60;1&#62;|Shop &lt;1&gt;/);
      assert.ok(page.html.includes(admin.email));
      assert.doesNotMatch(page.html, /<script/);
      const policy = page.response.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'.*form-action 'self' https:\/\/app\.example; frame-ancestors 'none'/);
      // The person is still signed in.
      assert.ok(await isSignedIn(person));
      assert.equal((await query(here.url, viewer, { token: accessToken })).status, 200);

      const done = await person.follow(await person.submit(page, 'confirm', { logout: 'yes' }), here.url);
      assert.equal(done.url, `${back}?state=s%261`);
      assert.equal((await query(here.url, viewer, { token: accessToken })).status, 401);
      await until(async () => (await query(there.own, viewer, { token: accessToken })).status === 401, 2_000);
      assert.equal(await isSignedIn(person), false);
      // The grants stay valid.
      const renewed = await refresh(here.url, {
        refreshToken,
        clientId: shop.clientId,
        clientSecret: shop.clientSecret,
      });
      assert.equal((await query(here.url, viewer, { token: renewed['accessToken'] })).status, 200);
    });

    it('keeps a person signed in who declines, and sends them back', async () => {
      const { person, accessToken, idToken } = await signedIn();
      const page = await ask(person, { id_token_hint: idToken, post_logout_redirect_uri: back });
      const done = await person.follow(await person.submit(page, 'confirm', { stay: 'yes' }), here.url);
      assert.equal(done.url, back);
      assert.ok(await isSignedIn(person));
      assert.equal((await query(here.url, viewer, { token: accessToken })).status, 200);
    });

    it('ends on one of our pages if the request has no hint', async () => {
      const { person } = await signedIn();
      const page = await ask(person, { post_logout_redirect_uri: back });
      const done = await person.follow(await person.submit(page, 'confirm', { logout: 'yes' }), here.url);
      assert.match(done.html, /You are signed out/);
      assert.equal(await isSignedIn(person), false);
    });

    it('shows a page without a script if no account is signed in, and leads on', async () => {
      const page = await ask(new Person(), { client_id: shop.clientId, post_logout_redirect_uri: back });
      assert.match(page.html, /Nobody is signed in here/);
      assert.doesNotMatch(page.html, /<script/);
    });

    it('refuses a redirect URI that is not registered or belongs to another application, and a hint that we did not issue', async () => {
      const { person, idToken, accessToken } = await signedIn();
      const [header, payload = '', signature] = idToken.split('.');
      const forged = [header, payload.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), signature].join('.');
      for (const parameters of [
        { id_token_hint: idToken, post_logout_redirect_uri: `${back}/x` },
        { id_token_hint: idToken, post_logout_redirect_uri: shop.redirectUri },
        { client_id: 'claimgate', post_logout_redirect_uri: back },
        { id_token_hint: idToken, client_id: 'claimgate' },
        { id_token_hint: forged, post_logout_redirect_uri: back },
        { id_token_hint: accessToken, post_logout_redirect_uri: back },
        { id_token_hint: 'x' },
        { client_id: 'none', post_logout_redirect_uri: back },
      ]) {
        const { response } = await ask(person, parameters);
        assert.equal(response.status, 400, JSON.stringify(parameters));
      }
      assert.ok(await isSignedIn(person));
    });

    it('refuses a form from another browser, from another site, or without a page', async () => {
      const { person, idToken } = await signedIn();
      const eve = await signedIn(new Person(), await addPerson(here, 'eve@example.com'));
      const evesPage = await ask(eve.person, { id_token_hint: eve.idToken });
      for (const attempt of [
        () => person.submit(evesPage, 'confirm', { logout: 'yes' }),
        () =>
          person.submit({ ...evesPage, html: evesPage.html.replaceAll(/name="xsrf" value="[^"]*"/g, '') }, 'confirm', {
            logout: 'yes',
          }),
        async () => person.get(`${here.url}/oauth/logout/confirm?logout=yes`),
      ]) {
        assert.ok([400, 404, 405].includes((await attempt()).status));
        assert.ok(await isSignedIn(person));
      }
      assert.ok(idToken);
    });

    it('is in the metadata', async () => {
      const metadata = await (await fetch(`${here.url}/.well-known/openid-configuration`)).json();
      assert.equal((metadata as { end_session_endpoint: string }).end_session_endpoint, `${here.url}/oauth/logout`);
    });
  });
});
