import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { findApplicationWithSecret, listApplications } from '../../../src/identity/applications/applications.ts';
import { saveGrant, findGrants } from '../../../src/identity/grants/grants.ts';
import { secretMatches } from '../../../src/identity/keys/secrets.ts';
import { startAuthority, type TestAuthority } from '../../support/authority.ts';
import { onEachDatabase } from '../../support/databases.ts';
import { Person } from '../../support/person.ts';
import { addAccount, type Page, visitorOf, type Visitor } from './visits.ts';

const missing = ['curl', 'openssl'].filter((program) => spawnSync(program, ['version']).error);
/** The options of a test that runs lines of a shell. */
const shell = missing.length > 0 ? { skip: `not installed: ${missing.join(', ')}` } : {};

/** Returns a text to copy. @param id of its element */
function textIn(html: string, id: string): string {
  const text = new RegExp(`<pre id="${id}"[^>]*>([^<]+)</pre>`).exec(html)?.[1] ?? '';
  return text.replaceAll(/&#(\d+);/g, (_entity, code) => String.fromCodePoint(Number(code)));
}

const uris = 'https://app.example/callback';
const onServer = { name: 'Book shop', kind: 'server', redirect_uris: uris, scope: 'profile' };

onEachDatabase((database) => {
  describe('the own applications of an account', () => {
    let server: TestAuthority;
    before(async () => {
      server = await startAuthority(database);
    });
    after(() => server.dispose());

    const newPage = (visitor: Visitor) => visitor.open('/applications/new');
    const register = async (visitor: Visitor, fields: Record<string, string> = {}) =>
      visitor.submit(await newPage(visitor), 'new', { ...onServer, ...fields });
    const idIn = (page: Page) => /\/account\/applications\/([0-9a-f]{24})/.exec(page.url)?.[1] ?? '';
    const secretIn = ({ html }: Page) => /<pre id="client-secret"[^>]*>([^<]+)<\/pre>/.exec(html)?.[1] ?? null;
    const applicationsOf = async ({ account }: Visitor) =>
      (await listApplications(server.store, { first: 100, after: null }, account.id)).items;
    const factsOf = ({ account }: Visitor) => server.facts.filter(({ accountId }) => accountId === account.id);

    async function isCurrent(id: string, secret: string): Promise<boolean> {
      const found = await findApplicationWithSecret(server.store, id);
      return secretMatches(secret, found?.secretHash ?? '');
    }

    it('are registered, and the client secret is shown once, also to parallel requests', async () => {
      const one = await visitorOf(server);
      assert.match((await one.open()).html, /You have registered no application/);
      const form = await newPage(one);
      const posted = await one.person.submit(form, 'new', onServer);
      assert.equal(posted.status, 303);
      const location = posted.headers.get('location') ?? '';
      assert.match(location, /^\/account\/applications\/[0-9a-f]{24}\/secret$/);
      const path = location.slice('/account'.length);
      const stored = JSON.stringify(await server.store.selectFrom('artifacts').selectAll().execute());
      // What must not use the secret up: HEAD, a page of another site, and a browser that loads pages in advance.
      assert.equal((await one.person.get(server.url + location, {}, 'HEAD')).status, 410);
      assert.equal((await one.person.get(server.url + location, { 'sec-fetch-site': 'cross-site' })).status, 410);
      assert.equal((await one.person.get(server.url + location, { 'sec-purpose': 'prefetch' })).status, 410);
      // The same account in another browser does not see it either.
      assert.equal((await (await visitorOf(server, one.account)).open(path)).response.status, 410);
      const pages = await Promise.all(Array.from({ length: 8 }, () => one.open(path)));
      const [secret, ...others] = pages.map(secretIn).filter((text) => text !== null);
      assert.ok(secret && others.length === 0, 'exactly one request sees it');
      assert.equal(Object.groupBy(pages, ({ response }) => response.status)[410]?.length, 7);
      const shown = pages.find((page) => secretIn(page) !== null);
      assert.equal(shown?.response.headers.get('cache-control'), 'no-store');
      assert.match((await one.open(path)).html, /is not shown again/);
      const id = path.split('/')[2] ?? '';
      assert.ok(await isCurrent(id, secret));
      assert.ok(!stored.includes(secret) && !JSON.stringify(server.facts).includes(secret));
      const [application] = await applicationsOf(one);
      assert.deepEqual(
        [application?.name, application?.redirectUris, application?.scopes, application?.registeredBy],
        ['Book shop', [uris], ['profile'], one.account.id],
      );
      assert.deepEqual(
        factsOf(one).flatMap(({ type, detail }) => (type === 'application_registered' ? [detail] : [])),
        [`client ID ${id}`],
      );
      assert.match((await one.open('/applications')).html, /Book shop/);
      const page = await one.open(`/applications/${id}`);
      assert.match(page.html, /See your email address and roles/);
      assert.match(page.response.headers.get('content-security-policy') ?? '', /script-src 'sha256-[^']+'; require/);
    });

    it('are the pages to which a sign-in leads that was opened there', async () => {
      const account = await addAccount(server);
      const person = new Person();
      const { email, password } = account;
      const begun = await person.follow(
        await person.get(`${server.url}/account/applications/new?x=//evil.example`),
        server.url,
      );
      const signedIn = await person.submit(begun, 'sign-in', { email, password, decision: 'sign-in' });
      const page = await person.follow(signedIn, server.url);
      assert.equal(page.url, `${server.url}/account/applications/new`);
      assert.match(page.html, /<h1>Register an application<\/h1>/);
    });

    it('are registered once by a form that is posted twice', async () => {
      const one = await visitorOf(server);
      const form = await newPage(one);
      const answers = await Promise.all(['new', 'new'].map((action) => one.person.submit(form, action, onServer)));
      const locations = answers.map(({ headers }) => headers.get('location'));
      assert.equal(locations[0], locations[1]);
      assert.equal((await applicationsOf(one)).length, 1);
      const page = await one.open(locations[0]?.slice('/account'.length));
      assert.ok(await isCurrent(idIn(page), secretIn(page) ?? ''));
    });

    it('have no secret in a browser and on a device, and redirect URIs by their kind', async () => {
      const one = await visitorOf(server);
      for (const [kind, redirect_uris, type] of [
        ['browser', 'https://spa.example/\r\n\r\n  https://spa.example/two  ', 'web'],
        ['device', 'http://127.0.0.1/callback\nhttp://[::1]:8080/cb\ncom.example.app:/cb', 'native'],
      ] as const) {
        const page = await register(one, { name: `On ${kind}`, kind, redirect_uris });
        assert.match(page.html, /The application is registered/);
        assert.doesNotMatch(page.html, /rotate-secret/);
        const [application] = await applicationsOf(one);
        assert.equal(application?.applicationType, type);
        assert.equal(application?.tokenEndpointAuthMethod, 'none');
        assert.deepEqual(
          application?.redirectUris,
          redirect_uris
            .split(/\r?\n/)
            .map((uri) => uri.trim())
            .filter(Boolean),
        );
        assert.equal((await one.open(`/applications/${application?.id}/rotate-secret`)).response.status, 404);
        assert.equal((await one.open(`/applications/${application?.id}/secret`)).response.status, 404);
      }
    });

    /** Wrong redirect URIs, and the message of each line. */
    const wrongUris: readonly (readonly [kind: string, text: string, faults: readonly string[]])[] = [
      ['server', 'http://app.example/', ['Line 1: a web application needs https.']],
      [
        'server',
        'https://app.example/\n\njavascript:alert(1)\n/callback\nhttps://app.example/#top',
        [
          'Line 3: a web application needs https.',
          'Line 4: it is not an absolute URI.',
          'Line 5: it has a fragment (RFC 6749 §3.1.2).',
        ],
      ],
      [
        'device',
        'javascript:alert(1)\nhttp://localhost/\nhttp://127.0.0.1.evil.example/\nhttps://u:p@app.example/\ndata:text/html,x',
        [
          'Line 1: a private-use scheme is a reversed domain name, like com.example.app (RFC 8252 §7.1).',
          'Line 2: plain http is for 127.0.0.1 and [::1] (RFC 8252 §7.3).',
          'Line 3: plain http is for 127.0.0.1 and [::1] (RFC 8252 §7.3).',
          'Line 4: it has a user name or password.',
          'Line 5: a private-use scheme is a reversed domain name, like com.example.app (RFC 8252 §7.1).',
        ],
      ],
      [
        'browser',
        'https://a.example/ b\nhttps://ä.example/',
        ['Line 1: it holds a character no URI has.', 'Line 2: it holds a character no URI has.'],
      ],
      ['server', `https://app.example/${'x'.repeat(1_000)}`, ['Line 1: longer than 1000 characters.']],
      ['server', 'https://app.example/\nhttps://app.example/', ['Line 2: it is the same as an earlier one.']],
      [
        'server',
        Array.from({ length: 500 }, (_, index) => `https://app.example/${index}`).join('\n'),
        ['Line 11: expected at most 10 redirect URIs.'],
      ],
    ];

    it('are not registered with a wrong redirect URI, and each line has its message, also while it is entered', async () => {
      const one = await visitorOf(server);
      for (const [kind, redirect_uris, faults] of wrongUris) {
        const form = await newPage(one);
        const page = await one.submit(form, 'new', { ...onServer, kind, redirect_uris });
        assert.equal(page.response.status, 422);
        const list = /<div id="redirect_uris-wrong"[^>]*><ul>(.*?)<\/ul>/s.exec(page.html)?.[1] ?? '';
        assert.deepEqual(
          [...list.matchAll(/<li>(.*?)<\/li>/g)].map(([, text]) => text),
          faults,
        );
        assert.match(page.html, /aria-invalid="true"/);
        assert.match(page.html, /value="Book shop"/);
        const live = {
          ...form,
          html: form.html.replace('action="/account/applications/new"', 'action="/account/applications/check"'),
        };
        const answer = await one.person.submit(live, 'check', { kind, redirect_uris });
        assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
        assert.deepEqual(await answer.json(), { faults });
      }
      assert.deepEqual(await applicationsOf(one), []);
    });

    it('are not registered with another wrong value, and everything entered is shown as text', async () => {
      const one = await visitorOf(server);
      const hostile = '"><script>alert(1)</script>';
      for (const [fields, text] of [
        [{ name: '' }, /Name: expected 1 to 100 printable characters in one line/],
        [{ name: 'Claimgate' }, /Name: expected a name of its own/],
        [{ name: 'a\u202eb' }, /Name: expected 1 to 100 printable/],
        [{ kind: '' }, /Choose one of these kinds/],
        [{ kind: 'constructor' }, /Choose one of these kinds/],
        [{ redirect_uris: '  \n ' }, /Redirect URIs: expected 1 to 10, all different/],
        [{ scope: 'accounts' }, /Access: accounts requires a role/],
        [{ scope: hostile }, /Access: there is no scope/],
        [{ redirect_uris: `</textarea>${hostile}` }, /Line 1: it is not an absolute URI|Line 1: it holds/],
        [{ form_id: '../x' }, /A part of the form was missing/],
      ] as const) {
        const page = await register(one, fields);
        assert.equal(page.response.status, 422, JSON.stringify(fields));
        assert.match(page.html, text);
        assert.doesNotMatch(page.html, /<script>/);
        assert.equal(page.html.split('</textarea>').length, 2);
      }
      const large = await one.person.submit(await newPage(one), 'new', {
        ...onServer,
        redirect_uris: 'x'.repeat(70_000),
      });
      assert.equal(large.status, 400);
      assert.deepEqual(await applicationsOf(one), []);
    });

    it('show a hostile name as text on every page', async () => {
      const one = await visitorOf(server);
      const name = '<img src=x onerror=alert(1)> & "co"';
      const id = idIn(await register(one, { name }));
      for (const path of [
        '',
        '/applications',
        `/applications/${id}`,
        `/applications/${id}/delete`,
        `/applications/${id}/rotate-secret`,
        `/applications/${id}/secret`,
      ]) {
        const { html } = await one.open(path);
        assert.doesNotMatch(html, /<img/);
        assert.match(html, /&#60;img src=x onerror=alert\(1\)&#62; &#38; &#34;co&#34;/, path);
      }
    });

    it('of another account are answered like unknown ones, and stay as they are', async () => {
      const [one, eve] = [await visitorOf(server), await visitorOf(server)];
      const id = idIn(await register(one));
      const secret = (await findApplicationWithSecret(server.store, id))?.secretHash;
      const own = await eve.open(`/applications/${idIn(await register(eve))}/delete`);
      const foreign = { ...own, html: own.html.replaceAll(/applications\/[0-9a-f]{24}/g, `applications/${id}`) };
      for (const other of [id, '0'.repeat(24), 'claimgate']) {
        for (const page of ['', '/secret', '/rotate-secret', '/delete']) {
          const { response, html } = await eve.open(`/applications/${other}${page}`);
          assert.ok([400, 404].includes(response.status), `${other}${page}`);
          assert.doesNotMatch(html, /Book shop/);
        }
      }
      const fields = { present: eve.account.password };
      assert.equal((await eve.submit(foreign, 'delete', fields)).response.status, 404);
      const rotate = { ...foreign, html: foreign.html.replace('/delete"', '/rotate-secret"') };
      assert.equal((await eve.submit(rotate, 'rotate-secret', fields)).response.status, 404);
      assert.equal((await findApplicationWithSecret(server.store, id))?.secretHash, secret);
      assert.doesNotMatch((await eve.open('/applications')).html, new RegExp(id));
    });

    it('are not changed by a form of another site, of another session, or without a session', async () => {
      const [one, eve] = [await visitorOf(server), await visitorOf(server)];
      const id = idIn(await register(one));
      const token = /name="form_token" value="([^"]+)"/.exec((await newPage(eve)).html)?.[1] ?? '';
      const fields = { ...onServer, present: one.account.password };
      for (const [path, action] of [
        ['/applications/new', 'new'],
        [`/applications/${id}/rotate-secret`, 'rotate-secret'],
        [`/applications/${id}/delete`, 'delete'],
      ] as const) {
        const page = await one.open(path);
        const send = (changes: Record<string, string>, headers: Record<string, string> = {}) =>
          one.person.submit(page, action, { ...fields, ...changes }, headers);
        assert.equal((await send({ form_token: token })).status, 400);
        assert.equal((await send({ form_token: '' })).status, 400);
        assert.equal((await send({}, { 'sec-fetch-site': 'cross-site' })).status, 400);
        assert.equal((await send({}, { 'content-type': 'text/plain' })).status, 400);
        const target = new URL(page.url);
        const body = new URLSearchParams(fields);
        const bare = await fetch(target, { method: 'POST', body, redirect: 'manual' });
        assert.equal(bare.headers.get('location'), '/account');
        for (const method of ['PUT', 'DELETE', 'PATCH']) {
          assert.equal((await fetch(target, { method, redirect: 'manual' })).status, 400);
        }
      }
      assert.equal((await applicationsOf(one)).length, 1);
      assert.equal(factsOf(one).filter(({ type }) => type.startsWith('application_')).length, 1);
    });

    it('get a new client secret after the password, and the old one ends at once', async () => {
      const one = await visitorOf(server);
      const first = await register(one);
      const [id, old] = [idIn(first), secretIn(first) ?? ''];
      assert.ok(await isCurrent(id, old));
      const page = await one.open(`/applications/${id}/rotate-secret`);
      const wrong = await one.submit(page, 'rotate-secret', { present: 'not it' });
      assert.equal(wrong.response.status, 422);
      assert.match(wrong.html, /The present password is another one/);
      assert.ok(await isCurrent(id, old), 'a wrong password changes nothing');
      const next = await one.submit(page, 'rotate-secret', { present: one.account.password });
      const secret = secretIn(next) ?? '';
      assert.notEqual(secret, old);
      assert.ok(await isCurrent(id, secret));
      assert.ok(!(await isCurrent(id, old)));
      assert.deepEqual(
        factsOf(one).flatMap(({ type, detail }) => (/secret|failed/.test(type) ? [[type, detail]] : [])),
        [
          ['sign_in_failed', 'new client secret'],
          ['application_secret_rotated', `client ID ${id}`],
        ],
      );
    });

    it('show the newest secret after parallel rotations, and never one that has ended', async () => {
      const one = await visitorOf(server);
      const id = idIn(await register(one));
      const page = await one.open(`/applications/${id}/rotate-secret`);
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => one.person.submit(page, 'rotate-secret', { present: one.account.password })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status),
        Array(5).fill(303),
      );
      const shown = secretIn(await one.open(`/applications/${id}/secret`)) ?? '';
      assert.ok(await isCurrent(id, shown));
      // A rotation in another browser ends a secret that was not seen.
      await one.person.submit(page, 'rotate-secret', { present: one.account.password });
      const other = await visitorOf(server, one.account);
      const elsewhere = await other.open(`/applications/${id}/rotate-secret`);
      const newest = await other.submit(elsewhere, 'rotate-secret', { present: one.account.password });
      assert.ok(await isCurrent(id, secretIn(newest) ?? ''));
      assert.equal((await one.open(`/applications/${id}/secret`)).response.status, 410);
    });

    it('are deleted after the password, with their grants', async () => {
      const one = await visitorOf(server);
      const id = idIn(await register(one));
      const now = Date.now();
      const grant = { id: `grant-of-${id}`, accountId: one.account.id, applicationId: id, scopes: ['profile'] };
      await saveGrant(server.store, { ...grant, expiresAt: now + 60_000, payload: {} }, now);
      const page = await one.open(`/applications/${id}/delete`);
      assert.equal((await one.submit(page, 'delete', { present: 'not it' })).response.status, 422);
      assert.equal((await applicationsOf(one)).length, 1);
      const answers = await Promise.all(
        [1, 2].map(() => one.person.submit(page, 'delete', { present: one.account.password })),
      );
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303, 404]));
      assert.match((await one.open('/applications?done=deleted')).html, /The application is deleted/);
      assert.deepEqual(await findGrants(server.store, [grant.id]), [null]);
      assert.equal(factsOf(one).filter(({ type }) => type === 'application_deleted').length, 1);
      assert.equal((await one.open(`/applications/${id}`)).response.status, 404);
    });

    it('have an authorize link with which a person gives access, once its two words are replaced', async () => {
      const one = await visitorOf(server);
      const registered = await register(one);
      const { html } = await one.open(`/applications/${idIn(registered)}`);
      const link = textIn(html, 'authorize-link');
      assert.ok(link.startsWith(`${server.url}/oauth/authorize?client_id=${idIn(registered)}&`));
      const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
      const address = link.replace('=STATE', '=s').replace('=CODE_CHALLENGE', `=${challenge}`);
      const asked = await one.person.follow(await one.person.get(address), server.url);
      assert.match(asked.html, /See your email address and roles/);
      const { url } = await one.person.follow(
        await one.person.submit(asked, 'consent', { decision: 'allow' }),
        server.url,
      );
      const code = new URL(url).searchParams.get('code') ?? '';
      const answer = await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${idIn(registered)}:${secretIn(registered)}`).toString('base64')}`,
        },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: uris,
          code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
        }),
      });
      assert.equal(answer.status, 200, await answer.clone().text());
    });

    it('have lines for a shell that make the link and exchange the code', shell, async () => {
      const one = await visitorOf(server);
      for (const fields of [{}, { kind: 'device', redirect_uris: "com.example.app:/cb?a='$(id)" }]) {
        const registered = await register(one, fields);
        const { html } = await one.open(`/applications/${idIn(registered)}`);
        const lines = spawn('sh', ['-c', textIn(html, 'snippet')], { stdio: ['pipe', 'pipe', 'ignore'] });
        const output = createInterface({ input: lines.stdout })[Symbol.asyncIterator]();
        const link = String((await output.next()).value);
        assert.ok(link.startsWith(`${server.url}/oauth/authorize?client_id=${idIn(registered)}&`), link);
        let page = await one.person.follow(await one.person.get(link), server.url);
        if (page.html.includes('/consent"')) {
          page = await one.person.follow(await one.person.submit(page, 'consent', { decision: 'allow' }), server.url);
        }
        const code = new URL(page.url).searchParams.get('code') ?? '';
        lines.stdin.end(`${code}\n${secretIn(registered) ?? ''}\n`);
        const answer = String((await output.next()).value);
        // `printf` writes its questions in front of the answer.
        assert.match(answer, /"access_token":"[^"]+"/);
      }
    });

    it('are listed in pages, and no account registers more than 1,000', async () => {
      const one = await visitorOf(server);
      await register(one);
      const row = await server.store
        .selectFrom('applications')
        .selectAll()
        .where('registered_by', '=', one.account.id)
        .executeTakeFirstOrThrow();
      const rows = Array.from({ length: 999 }, (_, index) => ({
        ...row,
        id: index.toString(16).padStart(24, '0'),
        name: `Copy ${index}`,
        created_at: row.created_at - index - 1,
      }));
      for (let from = 0; from < rows.length; from += 100) {
        await server.store
          .insertInto('applications')
          .values(rows.slice(from, from + 100))
          .execute();
      }
      const full = await register(one);
      assert.equal(full.response.status, 409);
      assert.match(full.html, /has registered 1,000 applications, as many as it may: delete one first/);
      let page = await one.open('/applications');
      let shown = 0;
      for (;;) {
        shown += page.html.split('<li><a href="/account/applications/').length - 1;
        assert.ok(page.html.length < 60_000);
        const next = /href="\/account(\/applications\?after=[^"]+)"/.exec(page.html)?.[1];
        if (next === undefined) break;
        page = await one.open(next);
      }
      assert.equal(shown, 1_000);
      assert.match((await one.open("/applications?after=1'--")).html, /Book shop/);
      await server.store.deleteFrom('applications').where('registered_by', '=', one.account.id).execute();
    });
  });

  describe('the limit of registrations and new secrets in an hour', () => {
    it('refuses further ones with the time to wait, and counts each account by itself', async () => {
      const server = await startAuthority(database, { limits: { accountApplications: 2 } });
      try {
        const [one, other] = [await visitorOf(server), await visitorOf(server, await addAccount(server))];
        const register = async (visitor: Visitor) =>
          visitor.submit(await visitor.open('/applications/new'), 'new', onServer);
        const first = await register(one);
        await register(one);
        const refused = await register(one);
        assert.equal(refused.response.status, 429);
        assert.ok(Number(refused.response.headers.get('retry-after')) > 3_000);
        assert.match(refused.html, /too many applications, or made too many client secrets. Wait \d+ minutes/);
        const id = /applications\/([0-9a-f]{24})/.exec(first.url)?.[1] ?? '';
        const page = await one.open(`/applications/${id}/rotate-secret`);
        const rotated = await one.submit(page, 'rotate-secret', { present: one.account.password });
        assert.equal(rotated.response.status, 429);
        assert.match(rotated.html, /Wait \d+ minutes/);
        assert.equal((await register(other)).response.status, 200);
      } finally {
        await server.dispose();
      }
    });
  });
});
