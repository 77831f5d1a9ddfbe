import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { listAuditEvents } from '../../src/audit/trail.ts';
import { findCookieKey } from '../../src/identity/keys/cookie-key.ts';
import { createSealer } from '../../src/store/connections/sealing.ts';
import { claimgate } from '../support/cli.ts';
import { query, refresh, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { temporaryFolder, until } from '../support/process.ts';
import { admin, startTestServer, type TestServer, withStore } from '../support/server.ts';

const key = Buffer.alloc(32, 7);

onEachDatabase((database) => {
  describe('the key for cookies and forms, replaced by the command', () => {
    let here: TestServer;
    let there: TestServer;
    const env = { CLAIMGATE_KEY: key.toString('base64') };
    before(async () => {
      here = await startTestServer({ database, env });
      there = await startTestServer({ beside: here, env });
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    /** Opens a browser that reaches the public URL at this process. */
    const browserAt = ({ own }: TestServer) => new Person({ publicUrl: here.url, own });
    const open = async (person: Person, { own: url }: TestServer) =>
      person.follow(await person.get(`${url}/account`), url);
    const signIn = async (person: Person, server: TestServer, page: { url: string; html: string }) =>
      person.follow(await person.submit(page, 'sign-in', { ...admin, decision: 'sign-in' }), server.own);
    const command = (args: readonly string[], changes: Record<string, string> = {}) =>
      claimgate(['key', ...args], { cwd: here.folder, env: { ...env, DATABASE_URL: here.databaseUrl, ...changes } });
    const present = () => withStore(here, (store) => findCookieKey(store, createSealer([key])));
    const recorded = () =>
      withStore(here, async (store) => {
        const filter = { type: 'cookie_key_replaced' as const };
        return (await listAuditEvents(store, filter, { first: 10, after: null })).items;
      });

    it('ends sessions and sign-ins in progress on every process without a restart, and no grant or token', async () => {
      const { accessToken, refreshToken } = await signInFor(here.url);
      const [signedIn, began] = [browserAt(here), browserAt(here)];
      assert.match((await signIn(signedIn, here, await open(signedIn, here))).html, /\(this one\)/);
      const page = await open(began, here);
      const old = await present();
      const earlier = new Map([here, there].map((server) => [server, server.output().length]));

      const done = await command(['replace-cookie-key']);
      assert.equal(done.code, 0, done.err);
      assert.match(done.out, /every browser is signed out, and sign-ins in progress begin anew/);
      assert.notEqual(await present(), old);
      const events = await recorded();
      assert.deepEqual(
        events.map(({ outcome, detail, count }) => ({ outcome, detail, count })),
        [{ outcome: 'allowed', detail: 'command line', count: 1 }],
      );
      const rows = await withStore(here, (store) =>
        store.selectFrom('artifacts').select('model').where('model', 'in', ['Session', 'Interaction']).execute(),
      );
      assert.deepEqual(rows, []);

      for (const server of [here, there]) {
        const log = 'signing keys, or the key for cookies, have changed';
        await until(async () => server.output().slice(earlier.get(server)).includes(log), 10_000);
        // Before that line, a page can be opened with the old key and continued with the new key.
        assert.match((await open(signedIn, server)).html, /<h1>Sign in<\/h1>/);
        // The new key does not verify the old cookie, so the browser gets a new cookie.
        const again = browserAt(server);
        assert.match((await signIn(again, server, await open(again, server))).html, /\(this one\)/);
      }
      assert.equal((await began.submit(page, 'sign-in', { ...admin, decision: 'sign-in' })).status, 400);
      assert.equal((await query(here.url, '{ viewer { subject } }', { token: accessToken })).status, 200);
      assert.ok((await refresh(there.own, { refreshToken }))['accessToken']);
    });

    it('cannot be replaced with another key at rest, nor before a server has started', async () => {
      const kept = await present();
      const other = await command(['replace-cookie-key'], { CLAIMGATE_KEY: Buffer.alloc(32, 8).toString('base64') });
      assert.equal(other.code, 1);
      assert.match(other.err, /expected the key that the database was encrypted with/);
      assert.equal(await present(), kept);
      assert.equal((await command(['replace-cookie-key', 'now'])).code, 2);
      const folder = await temporaryFolder();
      const none = await command(['replace-cookie-key'], { DATABASE_URL: `file:${folder.path}/none.db` });
      await folder.remove();
      assert.equal(none.code, 1);
      assert.match(none.err, /there is no database/);
      assert.equal((await recorded()).length, 1);
    });
  });
});
