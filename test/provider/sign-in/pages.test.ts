import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorizeAddress } from '../../support/client.ts';
import { onDatabaseOrEach } from '../../support/databases.ts';
import { assertScripts } from '../../support/page-scripts.ts';
import { Person } from '../../support/person.ts';
import { admin, startTestServer, type TestServer } from '../../support/server.ts';

onDatabaseOrEach('SQLite', (database) => {
  describe('the pages of a sign-in', () => {
    let server: TestServer;
    before(async () => {
      server = await startTestServer({ database });
    });
    after(() => server.dispose());

    async function signInPage(person: Person, changes?: Record<string, string>) {
      return person.follow(await person.get(authorizeAddress(server.url, changes)), server.url);
    }

    const signIn = { ...admin, decision: 'sign-in' };

    it('C-15 cannot be framed, run only the script that shows the password, and are not cached', async () => {
      const page = await signInPage(new Person());
      const { response } = page;
      assertScripts(page, 1);
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.match(policy, /form-action 'self' http:\/\/127\.0\.0\.1:5555;/);
      assert.equal(response.headers.get('x-frame-options'), 'DENY');
      assert.equal(response.headers.get('cache-control'), 'no-store');
    });

    it('C-15 name the application, the host that gets the answer, and the description of each scope', async () => {
      const person = new Person();
      const page = await person.follow(await person.submit(await signInPage(person), 'sign-in', signIn), server.url);
      assert.match(page.html, /Allow the Claimgate command line\?/);
      assert.match(page.html, /this device \(127\.0\.0\.1:5555\)/);
      assert.match(page.html, /See your email address and roles/);
    });

    it('refuse a form that another site posts', async () => {
      const person = new Person();
      const page = await signInPage(person);
      const action = /action="([^"]+sign-in)"/.exec(page.html)?.[1] ?? '';
      const cookieless = await fetch(new URL(action, server.url), {
        method: 'POST',
        body: new URLSearchParams(signIn),
        redirect: 'manual',
      });
      assert.equal(cookieless.status, 400);
      const forged = await person.submit(
        { url: page.url, html: page.html.replace(/value="[^"]{43}"/, 'value="forged"') },
        'sign-in',
        signIn,
      );
      assert.equal(forged.status, 400);
      const crossSite = await person.submit(page, 'sign-in', signIn, { 'sec-fetch-site': 'cross-site' });
      assert.equal(crossSite.status, 400);
      const ours = await person.submit(page, 'sign-in', signIn);
      assert.equal(ours.status, 303);
    });

    it('refuse the form of another sign-in, and the form of a step that is not the present one', async () => {
      const person = new Person();
      const first = await signInPage(person);
      const other = await signInPage(new Person());
      const token = /name="form_token" value="([^"]+)"/.exec(other.html)?.[1] ?? '';
      assert.equal((await person.submit(first, 'sign-in', { ...signIn, form_token: token })).status, 400);
      const early = first.html.replaceAll('/sign-in"', '/consent"');
      assert.equal(
        (await person.submit({ url: first.url, html: early }, 'consent', { decision: 'allow' })).status,
        400,
      );
    });

    it('give the same answer to an unknown address and to a wrong password', async () => {
      const person = new Person();
      const page = await signInPage(person);
      const answers = await Promise.all(
        [
          { email: admin.email, password: 'wrong' },
          { email: 'nobody@example.com', password: 'wrong' },
        ].map(async (fields) => {
          const response = await person.submit(page, 'sign-in', { ...fields, decision: 'sign-in' });
          return { status: response.status, html: (await response.text()).replace(/name="email"[^>]*>/, '') };
        }),
      );
      assert.equal(answers[0]?.status, 401);
      assert.deepEqual(answers[0], answers[1]);
    });

    it('show every input as text', async () => {
      const person = new Person();
      const page = await signInPage(person);
      const answer = await person.submit(page, 'sign-in', {
        email: '"><script>alert(1)</script>',
        password: 'x',
        decision: 'sign-in',
      });
      const html = await answer.text();
      assertScripts({ response: answer, html }, 1);
      assert.match(html, /value="&#34;&#62;&#60;script&#62;alert\(1\)&#60;/);
      assert.doesNotMatch(html, /<script>|alert\(1\)</);
    });

    it('grant no scope that was not on the page, even if the form names it', async () => {
      const person = new Person();
      const page = await person.follow(await person.submit(await signInPage(person), 'sign-in', signIn), server.url);
      const html = page.html.replace('name="shown" value="profile"', 'name="shown" value="profile accounts keys"');
      const back = await person.follow(
        await person.submit({ url: page.url, html }, 'consent', { decision: 'allow' }),
        server.url,
      );
      const code = new URL(back.url).searchParams.get('code') ?? '';
      const tokens = await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'claimgate',
          code,
          redirect_uri: 'http://127.0.0.1:5555/callback',
          code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
        }),
      });
      assert.equal(((await tokens.json()) as { scope: string }).scope, 'profile');
    });

    it('say that a sign-in has expired', async () => {
      const response = await fetch(`${server.url}/interaction/long-gone`);
      assert.equal(response.status, 400);
      assert.match(await response.text(), /run out/);
    });
  });
});
