import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import { registerApplication, sendRaw, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { assertScripts } from '../support/page-scripts.ts';
import { Person } from '../support/person.ts';
import { addPerson, admin, startTestServer, type TestServer } from '../support/server.ts';

onDatabaseOrEach('SQLite', (database) => {
  let server: TestServer;
  let url: string;
  /** An application whose name contains markup. */
  let shop: { clientId: string; redirectUri: string };

  before(async () => {
    server = await startTestServer({ database });
    ({ url } = server);
    const { accessToken } = await signInFor(url, { scope: 'applications' });
    shop = await registerApplication(url, accessToken, { name: '<b>Shop</b> & "Co"' });
  });
  after(() => server.dispose());

  type PageOf = Awaited<ReturnType<Person['follow']>>;

  /** Opens the sign-in page of an application. */
  async function signInPage(person: Person, scope: string, application = shop): Promise<PageOf> {
    const address = new URL('/oauth/authorize', url);
    address.search = new URLSearchParams({
      client_id: application.clientId,
      response_type: 'code',
      redirect_uri: application.redirectUri,
      scope,
      code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    }).toString();
    return person.follow(await person.get(address.href), url);
  }

  /** Signs in, and opens the consent page of an application. */
  async function consentPage(person: Person, scope: string, account = admin, application = shop): Promise<PageOf> {
    const page = await signInPage(person, scope, application);
    const { email, password } = account;
    return person.follow(await person.submit(page, 'sign-in', { email, password, decision: 'sign-in' }), url);
  }

  describe('C-15 the consent page', () => {
    it('names the application, the destination of the answer, the account, and each scope with its description', async () => {
      const { html } = await consentPage(new Person(), 'openid profile grants');
      const words = html
        .replaceAll(/<style>[^]*<\/style>|<[^>]+>/g, ' ')
        .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(code));
      assert.match(words, /Allow <b>Shop<\/b> & "Co"\?/);
      for (const text of [
        'app.example',
        admin.email,
        'Know which account you sign in with',
        'See your email address and roles',
        'See and take back what you granted to applications',
      ]) {
        assert.ok(words.includes(text), text);
      }
      assert.ok(!html.includes('<b>'), 'the name is text, not markup');
    });

    it('lists the scopes that the account may not grant separately, as not granted', async () => {
      const account = await addPerson(server, 'grace@example.com');
      const first = { clientId: 'claimgate', redirectUri: 'http://127.0.0.1/callback' };
      const { html } = await consentPage(new Person(), 'profile accounts', account, first);
      const [given = '', withheld = ''] = html.split('which it will not get');
      assert.match(given, /<code>profile<\/code>/);
      assert.doesNotMatch(given, /<code>accounts<\/code>/);
      assert.match(withheld, /<code>accounts<\/code>/);
    });

    it('cannot be framed, runs no script, is not cached, and may post to no other server; the sign-in page has one script', async () => {
      for (const { page, scripts } of [
        { page: await signInPage(new Person(), 'profile'), scripts: 1 },
        { page: await consentPage(new Person(), 'profile'), scripts: 0 },
      ]) {
        const { response } = page;
        assertScripts(page, scripts);
        const policy = response.headers.get('content-security-policy') ?? '';
        assert.match(policy, /default-src 'none'/);
        assert.match(policy, /frame-ancestors 'none'/);
        assert.match(policy, /form-action 'self' https:\/\/app\.example(;|$)/);
        assert.equal(response.headers.get('x-frame-options'), 'DENY');
        assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
        assert.equal(response.headers.get('cache-control'), 'no-store');
        assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      }
    });

    for (const [name, fields] of Object.entries({
      'without its token': { form_token: '' },
      'with a token that was made up': { form_token: 'made-up' },
    })) {
      it(`refuses its form ${name}`, async () => {
        const person = new Person();
        const page = await consentPage(person, 'profile');
        const response = await person.submit(page, 'consent', { decision: 'allow', ...fields });
        assert.equal(response.status, 400);
        assert.equal(response.headers.get('location'), null);
      });
    }

    it('refuses a form that another site posts', async () => {
      const person = new Person();
      const page = await consentPage(person, 'profile');
      for (const site of ['cross-site', 'same-site', 'none']) {
        const response = await person.submit(page, 'consent', { decision: 'allow' }, { 'sec-fetch-site': site });
        assert.equal(response.status, 400);
        assert.equal(response.headers.get('location'), null);
      }
    });

    it('closes the connection if it refuses a form before it has read all of it', async () => {
      const page = await consentPage(new Person(), 'profile');
      const address = new URL(page.url);
      const head = [
        `POST ${address.pathname}/consent HTTP/1.1`,
        `Host: ${address.host}`,
        'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: 5000',
        'Sec-Fetch-Site: cross-site',
      ];
      const answer = await sendRaw(url, `${head.join('\r\n')}\r\n\r\nbegun`);
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.match(answer, /^connection: close\r$/im);
    });

    it('refuses its form from another browser', async () => {
      const page = await consentPage(new Person(), 'profile');
      const response = await new Person().submit(page, 'consent', { decision: 'allow' });
      assert.equal(response.status, 400);
      assert.equal(response.headers.get('location'), null);
    });

    it('refuses its form before the person has signed in', async () => {
      const person = new Person();
      const page = await signInPage(person, 'profile');
      const html = page.html.replaceAll('/sign-in"', '/consent"');
      const response = await person.submit({ ...page, html }, 'consent', { decision: 'allow', shown: 'profile' });
      assert.equal(response.status, 400);
      assert.equal(response.headers.get('location'), null);
    });
  });

  describe('the sign-in page', () => {
    const challenge = `code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`;
    const request = `/oauth/authorize?client_id=claimgate&response_type=code&redirect_uri=http://127.0.0.1/callback&scope=profile&${challenge}`;

    it('gives the same answer to a wrong password and to an unknown address, and keeps the address that was entered', async () => {
      const said = [];
      for (const email of [admin.email, 'nobody@example.com']) {
        const person = new Person();
        const page = await signInPage(person, 'profile');
        const response = await person.submit(page, 'sign-in', { email, password: 'wrong', decision: 'sign-in' });
        const html = await response.text();
        assert.ok(html.includes(`value="${email}"`));
        said.push([response.status, / role="alert"[^>]*>([^<]+)</.exec(html)?.[1]]);
      }
      assert.deepEqual(said[0], said[1]);
      assert.match(String(said[0]), /^401,That email address and password do not belong together/);
    });

    it('sets cookies that no script can read and that forms of other sites do not send', async () => {
      const { headers } = await fetch(url + request, { redirect: 'manual' });
      const cookies = headers.getSetCookie();
      assert.ok(cookies.length > 0);
      for (const cookie of cookies) {
        assert.match(cookie, /; httponly/i);
        assert.match(cookie, /; samesite=lax/i);
      }
    });

    it('sets cookies for https only if the public URL is https, also behind a proxy that states http', async (t) => {
      const behind = await startTestServer({ env: { CLAIMGATE_PUBLIC_URL: 'https://claimgate.example' } });
      t.after(() => behind.dispose());
      const { headers, status } = await fetch(behind.url + request, { redirect: 'manual' });
      assert.equal(status, 303);
      for (const cookie of headers.getSetCookie()) assert.match(cookie, /; secure/i);
    });
  });
});
