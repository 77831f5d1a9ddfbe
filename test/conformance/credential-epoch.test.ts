import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { query, requestCode, signInFor } from '../support/client.ts';
import { claimgate } from '../support/cli.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { until } from '../support/process.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';

type TestPerson = Awaited<ReturnType<typeof addPerson>>;

/** All browsers sign in from one address and fail after the event, so the limits are high. */
const config = 'export default { attempts: { account: 1_000, address: 1_000 } };';
/** How many browsers repeatedly sign in with the right password. */
const loops = 8;

onEachDatabase((database) => {
  describe('a sign-in in progress', () => {
    let here: TestServer;
    let there: TestServer;
    let token = '';
    before(async () => {
      here = await startTestServer({ database, config });
      there = await startTestServer({ beside: here });
      token = (await signInFor(here.url, { scope: 'accounts' })).accessToken;
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    /** Opens a browser that reaches the public URL at this process. */
    const browserAt = ({ own }: TestServer) => new Person({ publicUrl: here.url, own });

    async function signIn({ own: url }: TestServer, { email, password }: TestPerson, person: Person): Promise<boolean> {
      const page = await person.follow(await person.get(`${url}/account`), url);
      if (!page.html.includes('/sign-in"')) return false;
      const answer = await person.submit(page, 'sign-in', { email, password, decision: 'sign-in' });
      if (answer.status !== 303) return false;
      return (await person.follow(answer, url)).html.includes('(this one)');
    }

    /**
     * Lets the browsers sign in until the event is over and no sign-in succeeds.
     * @returns each browser with the URL of its server
     */
    async function loop(
      account: TestPerson,
      event: () => Promise<void>,
    ): Promise<readonly (readonly [Person, string])[]> {
      const used: (readonly [Person, string])[] = [];
      let entered = 0;
      let over = false;
      const runs = Array.from({ length: loops }, async (_, index) => {
        const server = index % 2 ? here : there;
        for (;;) {
          const person = browserAt(server);
          used.push([person, server.own]);
          const wasOver = over;
          const isIn = await signIn(server, account, person);
          if (isIn) entered += 1;
          if (wasOver && !isIn) return;
          assert.ok(!(wasOver && isIn), 'the old password was taken after the change');
        }
      });
      await until(async () => entered >= loops, 20_000);
      await event();
      over = true;
      await Promise.all(runs);
      return used;
    }

    const liveSessions = (accountId: string) =>
      withStore(here, async (store) => {
        const rows = await store
          .selectFrom('artifacts')
          .select('id_hash')
          .where('model', '=', 'Session')
          .where('account_id', '=', accountId)
          .execute();
        return rows.length;
      });

    async function areSignedOut(browsers: readonly (readonly [Person, string])[], server: TestServer): Promise<void> {
      // The last browsers are enough, because the test also counts the session rows.
      for (const [person, url] of browsers.slice(-loops * 2)) {
        const page = await person.follow(await person.get(`${url}/account`), url);
        assert.match(page.html, /<h1>Sign in<\/h1>/, server.output());
      }
    }

    it('F-3 does not survive a password reset by the command line', async () => {
      const account = await addPerson(here, 'reset@example.com');
      const browsers = await loop(account, async () => {
        const env = { DATABASE_URL: here.databaseUrl };
        const done = await claimgate(['account', 'password', account.email], { env, input: 'another password\n' });
        assert.equal(done.code, 0, done.err);
      });
      assert.equal(await liveSessions(account.id), 0);
      await areSignedOut(browsers, here);
    });

    it('F-3 does not survive when the account is disabled, and does not return when it is enabled again', async () => {
      const account = await addPerson(here, 'disabled@example.com');
      const change = async (name: 'disableAccount' | 'enableAccount') => {
        const id = Buffer.from(`Account:${account.id}`).toString('base64url');
        const document = `mutation ($id: ID!) { ${name}(input: { id: $id }) { account { disabled } } }`;
        const { body } = await query(here.url, document, { token, variables: { id } });
        assert.ok(body.data?.[name], JSON.stringify(body));
      };
      const browsers = await loop(account, () => change('disableAccount'));
      assert.equal(await liveSessions(account.id), 0);
      await change('enableAccount');
      await areSignedOut(browsers, here);
      assert.equal(await liveSessions(account.id), 0);
      // The account can sign in again.
      const { input } = await requestCode(here.url, { account });
      assert.ok(input.code);
    });

    it('F-3 does not survive a change of the password by its owner, whose session gets a new identifier', async () => {
      const account = await addPerson(here, 'changed@example.com');
      const owner = browserAt(here);
      assert.ok(await signIn(here, account, owner));
      const before = owner.cookie('claimgate_session');
      const browsers = await loop(account, async () => {
        const page = await owner.follow(await owner.get(`${here.own}/account`), here.own);
        const again = 'a password of their own';
        const fields = { present: account.password, new: again, again };
        const changed = await owner.follow(await owner.submit(page, 'password', fields), here.own);
        assert.match(changed.html, /Your password is changed/);
      });
      assert.equal(await liveSessions(account.id), 1);
      await areSignedOut(browsers, here);
      const after = owner.cookie('claimgate_session');
      assert.ok(before && after && before !== after);
      assert.match((await owner.follow(await owner.get(`${here.own}/account`), here.own)).html, /\(this one\)/);
      // The old session identifier has no effect.
      const fixed = browserAt(here);
      fixed.plant('claimgate_session', before, '/');
      assert.match((await fixed.follow(await fixed.get(`${here.own}/account`), here.own)).html, /<h1>Sign in<\/h1>/);
    });
  });
});
