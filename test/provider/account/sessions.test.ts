import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { sightIntervalMs, signInSessionsByAccount } from '../../../src/identity/sessions/sessions.ts';
import { saveGrant } from '../../../src/identity/grants/grants.ts';
import { startAuthority, type TestAuthority } from '../../support/authority.ts';
import { onEachDatabase } from '../../support/databases.ts';
import { visitorOf, type Visitor } from './visits.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

onEachDatabase((database) => {
  describe('the sign-in sessions on the account page', () => {
    let server: TestAuthority;
    /** The headers that every request of the browsers has. */
    let sent: IncomingHttpHeaders = {};
    before(async () => {
      server = await startAuthority(database);
      server.server.prependListener('request', (request) => Object.assign(request.headers, sent));
    });
    after(() => server.dispose());

    async function signedIn(headers: IncomingHttpHeaders, account?: Visitor['account']): Promise<Visitor> {
      sent = headers;
      const visitor = await visitorOf(server, account);
      sent = {};
      return visitor;
    }

    const sessionsOf = async ({ account }: Visitor) =>
      (await signInSessionsByAccount(server.store, [account.id], { first: 100, after: null }))[0]?.items ?? [];

    it('name the browser and the system in words, when it signed in, and this one', async () => {
      const one = await signedIn({ 'user-agent': firefox });
      await signedIn(
        {
          'user-agent': chrome,
          'sec-ch-ua': '"Brave";v="141", "Not?A_Brand";v="8", "Chromium";v="141"',
          'sec-ch-ua-platform': '"macOS"',
        },
        one.account,
      );
      const { html } = await one.open();
      assert.match(html, /<strong>Firefox on Linux<\/strong> <strong class="mark">\(this one\)/);
      // The client hints name the browser that looks like Chrome in `User-Agent`.
      assert.match(html, /<strong>Brave on macOS<\/strong><\/span>/);
      assert.equal(html.split('(this one)').length, 2);
      assert.match(html, /Signed in <time datetime="\d{4}-\d\d-\d\dT[\d:.]+Z">\d+ \w+ \d{4} at \d\d:\d\d UTC<\/time>/);
      assert.match(html, /Last seen <time datetime=/);
      assert.ok(html.indexOf('(this one)') < html.indexOf('Brave on macOS'), 'this one comes first');
    });

    it('show hostile headers as text, and at most 40 characters of them', async () => {
      const hostile = `<img src=x onerror=alert(1)>"'&${'x'.repeat(5_000)}`;
      const one = await signedIn({ 'user-agent': hostile, 'sec-ch-ua': hostile, 'sec-ch-ua-platform': hostile });
      const { html } = await one.open();
      assert.doesNotMatch(html, /<img/);
      assert.match(html, /A program that calls itself “&#60;img src=x/);
      assert.ok(!html.includes('x'.repeat(41)));
      const [stored] = await sessionsOf(one);
      assert.ok((stored?.userAgent ?? '').length <= 200);
      assert.ok((stored?.browser ?? '').length <= 80);
      const none = await signedIn({ 'user-agent': '\u0000\u0001' });
      assert.match((await none.open()).html, /<strong>An unknown browser<\/strong>/);
    });

    it('store the last use at most every 5 minutes, also for parallel requests', async () => {
      const one = await signedIn({ 'user-agent': firefox });
      const [session] = await sessionsOf(one);
      assert.ok(session && session.lastSeenAt !== null);
      const seen = async () => (await sessionsOf(one))[0]?.lastSeenAt ?? 0;
      const set = (at: number | null) =>
        server.store.updateTable('artifacts').set({ last_seen_at: at }).where('uid_hash', '=', session.id).execute();
      const young = Date.now() - sightIntervalMs / 2;
      await set(young);
      const before = server.statements();
      await one.open();
      const read = server.statements() - before;
      assert.equal(await seen(), young, 'not stored again within 5 minutes');
      const old = Date.now() - sightIntervalMs - 1_000;
      await set(old);
      const begun = server.statements();
      await Promise.all([one.open(), one.open(), one.open()]);
      const written = server.statements() - begun;
      assert.ok(written <= 3 * read + 3, 'one more statement for each request at most');
      assert.ok((await seen()) > old + sightIntervalMs);
      // The sessions of an earlier version have neither the words nor the time.
      await set(null);
      await server.store.updateTable('artifacts').set({ browser: null }).where('uid_hash', '=', session.id).execute();
      assert.match((await one.open()).html, /<strong>Firefox on Linux<\/strong>/);
      assert.ok((await seen()) > old, 'an unknown time is stored too');
    });

    it('list what applications were allowed, in words, with its beginning and its end', async () => {
      const one = await signedIn({ 'user-agent': firefox });
      const { application } = await server.register({ name: 'Books & <b>more</b>' });
      const now = Date.now();
      const grant = { id: `grant-${one.account.id}`, accountId: one.account.id, applicationId: application.id };
      const scopes = ['profile', 'gone:scope'];
      await saveGrant(server.store, { ...grant, scopes, expiresAt: now + 86_400_000, payload: {} }, now);
      const { html } = await one.open();
      assert.match(html, /<bdi>Books &#38; &#60;b&#62;more&#60;\/b&#62;<\/bdi>/);
      assert.match(html, /<li>See your email address and roles<\/li><li>Not known here<\/li>/);
      assert.match(html, /<code>profile gone:scope<\/code>/);
      assert.match(html, /Allowed <time [^>]+>[^<]+<\/time><\/span>\s<span class="quiet">Ends <time/);
      // Another person cannot take it back.
      const eve = await signedIn({ 'user-agent': firefox });
      const forged = (await eve.open()).html.replace('/account/sign-out"', '/account/revoke-grant"');
      const page = { url: `${server.url}/account`, html: forged, response: new Response() };
      await eve.submit(page, 'revoke-grant', { id: grant.id });
      assert.match((await one.open()).html, /Books/);
      assert.match((await one.submit(await one.open(), 'revoke-grant')).html, /Taken back/);
      assert.match((await one.open()).html, /No application has your permission/);
    });
  });
});
