import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { authorizeAddress, exchange, query, refresh, requestCode } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { until } from '../support/process.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';

const viewer = '{ viewer { subject } }';
const sessionsOf = `{ viewer { account { signInSessions { nodes { id userAgent browser signedInAt lastSeenAt expiresAt current } } } } }`;
const end = `mutation ($id: ID!) { endSignInSession(input: { id: $id }) { signInSession { id current } } }`;

type Page = Awaited<ReturnType<Person['follow']>>;

onDatabaseOrEach('PostgreSQL', (database) => {
  describe('the account page', () => {
    let here: TestServer;
    let there: TestServer;
    let count = 0;
    before(async () => {
      here = await startTestServer({ database });
      there = await startTestServer({ beside: here });
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    const newPerson = () => addPerson(here, `person${(count += 1)}@example.com`);
    type NewPerson = Awaited<ReturnType<typeof newPerson>>;

    /** Signs in at an application, in a browser. */
    async function signedIn(account: NewPerson, person = new Person(), scope = 'openid profile grants') {
      const { input } = await requestCode(here.url, { person, account, scope });
      const tokens = await exchange(here.url, input);
      return { person, accessToken: String(tokens['accessToken']), refreshToken: String(tokens['refreshToken']) };
    }

    const visit = async (person: Person, path = '/account'): Promise<Page> =>
      person.follow(await person.get(`${here.url}${path}`), here.url);
    const submit = async (person: Person, page: Page, action: string, fields: Record<string, string> = {}) =>
      person.follow(await person.submit(page, action, fields), here.url);
    const statusOf = async (server: TestServer, token: string) => (await query(server.own, viewer, { token })).status;

    async function refusedSoon(token: string): Promise<void> {
      assert.equal(await statusOf(here, token), 401);
      await until(async () => (await statusOf(there, token)) === 401, 2_500);
    }

    it('asks a person to sign in, and then shows the account', async () => {
      const account = await newPerson();
      const person = new Person();
      const page = await visit(person);
      assert.match(page.html, /Sign in[^]*to go on to <strong>Claimgate/);
      const wrong = await submit(person, page, 'sign-in', { ...account, password: 'wrong', decision: 'sign-in' });
      assert.equal(wrong.response.status, 401);
      const { email, password } = account;
      const shown = await submit(person, wrong, 'sign-in', { email, password, decision: 'sign-in' });
      assert.equal(shown.url, `${here.url}/account`);
      assert.ok(shown.html.includes(email));
      assert.match(shown.html, /\(this one\)/);
      // The only script is that of the buttons that show the passwords, and its digest is in the policy.
      const scripts = Array.from(shown.html.matchAll(/<script[^>]*>([^]*?)<\/script>/g), ([, text = '']) => text);
      assert.equal(shown.html.split('<script').length, 2);
      assert.match(scripts.join(), /\.reveal/);
      const digest = hash('sha256', scripts.join(), 'base64');
      const policy = shown.response.headers.get('content-security-policy') ?? '';
      assert.ok(policy.includes(`; script-src 'sha256-${digest}'; require-trusted-types-for 'script'`), policy);
      assert.match(policy, /form-action 'self'; frame-ancestors 'none'/);
      // After the sign-in, every application gets the consent page without a second sign-in.
      const request = authorizeAddress(here.url, { scope: 'openid profile' });
      assert.ok((await person.follow(await person.get(request), here.url)).html.includes('/consent"'));
      // The result of the sign-in can be used only once.
      assert.match((await visit(person, '/account/signed-in')).html, /Nobody is signed in/);
    });

    it('F-3 a sign-in here ends the session of another account that signed in meanwhile, and uses no part of it', async () => {
      const [ada, eve] = [await newPerson(), await newPerson()];
      const person = new Person();
      const page = await visit(person);
      const { email, password } = eve;
      const proven = await person.submit(page, 'sign-in', { email, password, decision: 'sign-in' });
      const other = await signedIn(ada, person);
      const shown = await person.follow(proven, here.url);
      assert.ok(shown.html.includes(`<strong>${email}</strong>`), shown.html);
      await refusedSoon(other.accessToken);
      const mine = await signedIn(eve, person);
      assert.notEqual(decodeJwt(mine.accessToken)['sid'], decodeJwt(other.accessToken)['sid']);
      const signedOut = await withStore(here, (store) =>
        store
          .selectFrom('audit_events')
          .select('detail')
          .where('type', '=', 'sign_out')
          .where('account_id', '=', ada.id)
          .execute(),
      );
      assert.equal(signedOut.length, 1);
    });

    it('a cancelled sign-in begins no session', async () => {
      const person = new Person();
      const page = await visit(person);
      const left = await submit(person, page, 'sign-in', { decision: 'cancel', email: '', password: '' });
      assert.match(left.html, /Nobody is signed in/);
      assert.match((await visit(person)).html, /<h1>Sign in<\/h1>/);
    });

    it('the API lists sign-in sessions and ends them, and every process rejects their tokens', async () => {
      const account = await newPerson();
      const one = await signedIn(account);
      const other = await signedIn(account);
      const { body } = await query(here.url, sessionsOf, { token: one.accessToken });
      const { nodes } = body.data.viewer.account.signInSessions;
      assert.equal(nodes.length, 2, JSON.stringify(body));
      assert.deepEqual(nodes.map(({ current }: { current: boolean }) => current).toSorted(), [false, true]);
      assert.ok(nodes.every(({ userAgent }: { userAgent: string }) => userAgent === 'node'));
      for (const { browser, signedInAt, lastSeenAt } of nodes) {
        assert.equal(browser, 'A program that calls itself “node”');
        assert.ok(Date.parse(lastSeenAt) >= Date.parse(signedInAt), `${lastSeenAt} after ${signedInAt}`);
      }
      const foreign = nodes.find(({ current }: { current: boolean }) => !current);
      const ended = await query(here.url, end, { token: one.accessToken, variables: { id: foreign.id } });
      assert.equal(ended.body.data?.endSignInSession.signInSession.id, foreign.id, JSON.stringify(ended.body));
      await refusedSoon(other.accessToken);
      assert.equal(await statusOf(there, one.accessToken), 200);
      assert.match((await visit(other.person)).html, /<h1>Sign in<\/h1>/);
      // Its grants stay valid, and their new tokens name no session.
      const renewed = await refresh(here.url, { refreshToken: other.refreshToken });
      assert.equal(decodeJwt(renewed['accessToken'])['sid'], undefined);
      const gone = await query(here.url, end, { token: one.accessToken, variables: { id: foreign.id } });
      assert.equal(gone.body.errors?.[0]?.extensions.code, 'NOT_FOUND');
    });

    it('no account sees or ends the sessions of another account, or its own sessions without the scope', async () => {
      const [one, other] = [await signedIn(await newPerson()), await signedIn(await newPerson())];
      const { body } = await query(here.url, sessionsOf, { token: other.accessToken });
      const [{ id }] = body.data.viewer.account.signInSessions.nodes;
      const attempt = await query(here.url, end, { token: one.accessToken, variables: { id } });
      assert.equal(attempt.body.errors?.[0]?.extensions.code, 'NOT_FOUND');
      const node = await query(here.url, 'query ($id: ID!) { node(id: $id) { id } }', {
        token: one.accessToken,
        variables: { id },
      });
      assert.equal(node.body.data.node, null);
      assert.equal(await statusOf(here, other.accessToken), 200);
      const narrow = await signedIn(await newPerson(), new Person(), 'profile');
      const denied = await query(here.url, sessionsOf, { token: narrow.accessToken });
      assert.equal(denied.body.data.viewer.account.signInSessions, null);
      assert.equal(denied.body.errors?.[0]?.extensions.code, 'FORBIDDEN');
    });

    it('signs out another browser, and all others', async () => {
      const account = await newPerson();
      const [one, two, three] = [await signedIn(account), await signedIn(account), await signedIn(account)];
      let page = await visit(one.person);
      assert.equal(page.html.split('/end-session"').length - 1, 2);
      page = await submit(one.person, page, 'end-session');
      assert.match(page.html, /That browser is signed out/);
      assert.equal(page.html.split('/end-session"').length - 1, 1);
      page = await submit(one.person, page, 'end-others');
      assert.match(page.html, /Every other browser is signed out/);
      await refusedSoon(two.accessToken);
      await refusedSoon(three.accessToken);
      assert.equal(await statusOf(here, one.accessToken), 200);
      const out = await submit(one.person, page, 'sign-out');
      assert.match(out.html, /You are signed out/);
      await refusedSoon(one.accessToken);
      assert.match((await visit(one.person)).html, /<h1>Sign in<\/h1>/);
    });

    it('revokes the grant of an application', async () => {
      const { person, accessToken, refreshToken } = await signedIn(await newPerson());
      const page = await visit(person);
      assert.match(page.html, /profile grants|grants profile/);
      const after = await submit(person, page, 'revoke-grant');
      assert.match(after.html, /Taken back/);
      assert.match(after.html, /No application has your permission/);
      await refusedSoon(accessToken);
      assert.equal((await refresh(here.url, { refreshToken }))['error'], 'invalid_grant');
    });

    it('changes the password with the current one: every other browser is signed out, and this one is not', async () => {
      const account = await newPerson();
      const [one, other] = [await signedIn(account), await signedIn(account)];
      const chosen = 'an entirely new password';
      const page = await visit(one.person);
      const fields = { present: account.password, new: chosen, again: chosen };
      for (const [wrong, text] of [
        [{ ...fields, present: 'wrong' }, /The present password is another one/],
        [{ ...fields, again: `${chosen}!` }, /not typed the same way twice/],
        [{ ...fields, new: 'short', again: 'short' }, /12 to 1,024 characters/],
      ] as const) {
        const answer = await submit(one.person, page, 'password', wrong);
        assert.equal(answer.response.status, 422);
        assert.match(answer.html, text);
        for (const secret of [account.password, chosen]) assert.ok(!answer.html.includes(secret));
      }
      const done = await submit(one.person, page, 'password', fields);
      assert.match(done.html, /Your password is changed/);
      await refusedSoon(other.accessToken);
      assert.match((await visit(other.person)).html, /<h1>Sign in<\/h1>/);
      assert.equal(await statusOf(there, one.accessToken), 200);
      await assert.rejects(signedIn(account), /consent|password/);
      await signedIn({ ...account, password: chosen });
    });

    it('C-18 guessing the current password is limited like at the sign-in', async () => {
      const account = await newPerson();
      const { person } = await signedIn(account);
      const page = await visit(person);
      const chosen = 'an entirely new password';
      let answer = page;
      for (let guess = 0; guess < 11; guess += 1) {
        answer = await submit(person, page, 'password', { present: `guess ${guess}`, new: chosen, again: chosen });
      }
      assert.match(answer.html, /Too many tries were wrong/);
      assert.ok(Number(answer.response.headers.get('retry-after')) > 0);
      const right = await submit(person, page, 'password', { present: account.password, new: chosen, again: chosen });
      assert.match(right.html, /Too many tries were wrong/);
    });

    it('registers an application, and another process shows its client secret once, which no log contains', async () => {
      const account = await newPerson();
      const { person } = await signedIn(account);
      const form = await visit(person, '/account/applications/new');
      assert.equal(form.response.status, 200);
      const fields = {
        name: 'Book shop',
        kind: 'server',
        redirect_uris: 'https://app.example/callback',
        scope: 'profile',
      };
      const location = (await person.submit(form, 'new', fields)).headers.get('location') ?? '';
      // `there` has another port of the same host, and browsers send it the same cookies.
      const pages = await Promise.all(
        [here, there, here, there].map(async ({ own }) => (await person.get(own + location)).text()),
      );
      const secrets = pages.flatMap((html) => /<pre id="client-secret"[^>]*>([^<]+)</.exec(html)?.[1] ?? []);
      assert.equal(secrets.length, 1);
      const [clientId = '', secret = ''] = [location.split('/')[3], secrets[0]];
      const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
      const answer = await fetch(`${there.own}/oauth/revoke`, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ token: 'unknown' }),
      });
      assert.equal(answer.status, 200, 'the application authenticates with its secret');
      for (const server of [here, there]) assert.ok(!server.output().includes(secret));
      const events = await withStore(here, (store) =>
        store.selectFrom('audit_events').selectAll().where('account_id', '=', account.id).execute(),
      );
      assert.ok(!JSON.stringify(events).includes(secret));
      assert.ok(events.some(({ type, detail }) => type === 'application_registered' && detail?.includes(clientId)));
      const page = await visit(person, `/account/applications/${clientId}/delete`);
      const deleted = await submit(person, page, 'delete', { present: account.password });
      assert.match(deleted.html, /The application is deleted/);
    });

    it('refuses a form of another session, without a session, or from another site', async () => {
      const [one, eve] = [await signedIn(await newPerson()), await signedIn(await newPerson())];
      const [own, eves] = [await visit(one.person), await visit(eve.person)];
      const bare = { ...own, html: own.html.replaceAll(/name="form_token" value="[^"]*"/g, '') };
      for (const attempt of [
        () => one.person.submit(eves, 'sign-out', {}),
        () => one.person.submit(bare, 'sign-out', {}),
        () => one.person.submit(own, 'sign-out', {}, { 'sec-fetch-site': 'cross-site' }),
        () => one.person.get(`${here.url}/account/sign-out`),
        () => one.person.get(`${here.url}/account/constructor`),
      ]) {
        assert.equal((await attempt()).status, 400);
        assert.equal(await statusOf(here, one.accessToken), 200);
      }
      // A known session name does not let a person end a session of another account.
      const { body } = await query(here.url, sessionsOf, { token: eve.accessToken });
      const [{ id }] = body.data.viewer.account.signInSessions.nodes;
      const name = Buffer.from(id, 'base64url').toString().replace('SignInSession:', '');
      const forged = { ...own, html: own.html.replace('/account/end-others"', '/account/end-session"') };
      const page = forged.html.includes('/end-session"')
        ? forged
        : { ...own, html: own.html.replace('/account/sign-out"', '/account/end-session"') };
      await one.person.submit(page, 'end-session', { id: name });
      assert.equal(await statusOf(here, eve.accessToken), 200);
    });
  });
});
