import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorizeAddress } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

/** The public URL behind a proxy that terminates TLS; `null`: plain HTTP on loopback. */
const publicUrls = ['https://auth.example', null] as const;

onDatabaseOrEach('SQLite', (database) => {
  for (const publicUrl of publicUrls) {
    // Only the cookie names differ, so one database is enough.
    if (publicUrl === null && database.name === 'PostgreSQL') continue;
    describe(`the cookies of a sign-in ${publicUrl === null ? 'on plain http' : 'on https'}`, () => {
      const secure = publicUrl !== null;
      const [host, path] = secure ? ['__Host-', '__Secure-'] : ['', ''];
      const names = {
        session: `${host}claimgate_session`,
        browser: `${host}claimgate_browser`,
        interaction: `${path}claimgate_interaction`,
        resume: `${path}claimgate_resume`,
      };
      let server: TestServer;
      before(async () => {
        const env: Record<string, string> = publicUrl === null ? {} : { CLAIMGATE_PUBLIC_URL: publicUrl };
        server = await startTestServer({ database, env });
      });
      after(() => server.dispose());

      const newPerson = () => new Person(publicUrl === null ? null : { publicUrl, own: server.own });
      const base = () => (publicUrl === null ? server.url : server.own);
      /** Starts a sign-in, at an application or at /account. */
      const begin = async (person: Person, at: 'application' | 'account') => {
        const account = `${base()}/account`;
        const address = at === 'account' ? account : authorizeAddress(base(), { scope: 'openid profile' });
        return person.follow(await person.get(address), base());
      };
      const signIn = (person: Person, page: { url: string; html: string }) =>
        person.submit(page, 'sign-in', { ...admin, decision: 'sign-in' });
      const pathOf = (url: string) => new URL(url).pathname;
      /** Copies the cookies of an unfinished sign-in from its browser to another browser. */
      function plantAll(from: Person, to: Person, page: string, resume: string): void {
        to.plant(names.interaction, from.cookie(names.interaction), page);
        to.plant(names.resume, from.cookie(names.resume), resume);
        to.plant(names.browser, secure ? from.cookie(names.browser) : '', '/');
        // On HTTPS, a sibling domain can set cookies with the same names without their prefix.
        if (secure) {
          for (const name of ['browser', 'session', 'interaction', 'resume'] as const) {
            to.plant(`claimgate_${name}`, from.cookie(names[name]), '/');
          }
        }
      }
      const isSignedIn = async (person: Person) => (await begin(person, 'account')).html.includes('(this one)');

      it('F-4 belong to this host only, cannot be read by scripts, and are not sent with forms of other sites', async () => {
        const person = newPerson();
        await person.follow(await signIn(person, await begin(person, 'account')), base());
        await begin(person, 'application');
        const other = newPerson();
        await person.follow(await signIn(other, await begin(other, 'application')), base());
        const lines = [...person.cookieLines, ...other.cookieLines];
        const found = new Set<string>();
        for (const line of lines) {
          const [pair = '', ...attributes] = line.split('; ').map((part) => part.toLowerCase());
          const name = pair.slice(0, pair.indexOf('='));
          found.add(name.replace(/\.sig$/, ''));
          assert.ok(attributes.includes('httponly') && attributes.includes('samesite=lax'), line);
          assert.equal(attributes.includes('secure'), secure, line);
          assert.ok(!attributes.some((attribute) => attribute.startsWith('domain')), line);
          if (name.startsWith('__host-')) assert.ok(attributes.includes('path=/'), line);
        }
        assert.deepEqual(
          [...found].toSorted(),
          Object.values(names)
            .map((name) => name.toLowerCase())
            .toSorted(),
        );
      });

      for (const at of ['application', 'account'] as const) {
        it(`F-4 a sign-in at ${at} that began in another browser is not shown, and accepts no password`, async () => {
          const [attacker, victim] = [newPerson(), newPerson()];
          const page = await begin(attacker, at);
          plantAll(attacker, victim, pathOf(page.url), '/');
          const shown = await victim.get(page.url);
          assert.equal(shown.status, 400);
          assert.match(await shown.text(), /started in another browser/);
          // The attacker also knows the form token.
          const posted = await signIn(victim, page);
          assert.equal(posted.status, 400);
          await attacker.follow(await attacker.get(page.url), base());
          assert.equal(await isSignedIn(attacker), false);
        });

        it(`F-4 a sign-in at ${at} that was finished in another browser does not sign this one in`, async () => {
          const [attacker, victim] = [newPerson(), newPerson()];
          const page = await begin(attacker, at);
          const answer = await signIn(attacker, page);
          const location = new URL(answer.headers.get('location') ?? '', answer.url);
          plantAll(attacker, victim, pathOf(page.url), location.pathname);
          const resumed = await victim.get(base() + location.pathname);
          assert.ok(resumed.status === 400 || resumed.status === 200, String(resumed.status));
          assert.doesNotMatch(await resumed.text(), /form method="post"/);
          assert.equal(victim.cookie(names.session), '');
          assert.equal(await isSignedIn(victim), false);
          // The sign-in still works in the attacker's browser, where it started.
          const finished = await attacker.follow(await attacker.get(base() + location.pathname), base());
          assert.match(finished.html, at === 'account' ? /\(this one\)/ : /\/consent"/);
        });
      }

      it('F-4 a browser begins several sign-ins with one cookie, and can finish each', async () => {
        const person = newPerson();
        const pages = [await begin(person, 'application'), await begin(person, 'application')];
        for (const page of pages) {
          const next = await person.follow(await signIn(person, page), base());
          assert.match(next.html, /\/consent"/);
        }
      });
    });
  }
});
