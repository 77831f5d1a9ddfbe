import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorizedFetch } from '../../src/explorer/client/session/authorized-fetch.ts';
import { SessionError } from '../../src/explorer/client/session/caller.ts';
import { takeBackGrant } from '../../src/identity/grants/revoke.ts';
import { query, revoke } from '../support/client.ts';
import { type ExplorerPage, type FakeClock, fakeClock, openExplorer } from '../support/explorer.ts';
import { until } from '../support/process.ts';
import { admin, startTestServer, type TestServer, withStore } from '../support/server.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('the renewal of the explorer', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.dispose());

  interface SignedIn {
    readonly page: ExplorerPage;
    readonly clock: FakeClock;
    readonly id: string;
    readonly state: () => { readonly state: string; readonly reason: string | null };
    readonly refreshes: () => number;
    readonly email: () => Promise<string | undefined>;
  }

  /** Signs in with a clock that a test sets. The server's access tokens are valid for ten minutes of the real time. */
  async function signIn(aheadMs: number = 0): Promise<SignedIn> {
    const clock = fakeClock(Date.now() + aheadMs);
    const page = openExplorer(server, { clock });
    const { id } = await page.callers.signIn({ scopes: ['profile'] });
    return {
      page,
      clock,
      id,
      state: () => page.callers.list().find((caller) => caller.id === id) ?? { state: 'removed', reason: null },
      refreshes: () => page.sent.filter(({ operation }) => operation === 'ExplorerRefresh').length,
      async email() {
        const headers = { authorization: (await page.callers.authorization(id)) ?? '' };
        const { body } = await query(server.url, '{ viewer { account { email } } }', { headers });
        return body.data?.viewer?.account?.email;
      },
    };
  }

  it('renews in the background after 70 to 85 percent of the lifetime', async () => {
    const { clock, refreshes, state, email } = await signIn();
    clock.advance(0.69 * 10 * minute);
    assert.equal(refreshes(), 0);
    clock.advance(0.17 * 10 * minute);
    await until(async () => refreshes() === 1 && state().state === 'ready');
    assert.equal(await email(), admin.email);
    assert.equal(refreshes(), 1);
    clock.advance(0.69 * 10 * minute);
    assert.equal(refreshes(), 1);
  });

  it('20 requests with a token that is about to expire share one renewal', async () => {
    const { page, clock, id, refreshes } = await signIn();
    clock.advance(9.9 * minute, { asleep: true });
    const values = await Promise.all(Array.from({ length: 20 }, () => page.callers.authorization(id)));
    assert.equal(new Set(values).size, 1);
    assert.equal(refreshes(), 1);
  });

  it('a listener that needs the token at each change of the callers begins no further renewal', async () => {
    const { page, clock, id, refreshes, state } = await signIn();
    const values: Promise<string | null>[] = [];
    // An open subscription does so.
    page.callers.subscribe(() => void (values.length < 50 && values.push(page.callers.authorization(id))));
    clock.advance(9.9 * minute, { asleep: true });
    await page.callers.authorization(id);
    await Promise.all(values);
    assert.ok(values.length > 0);
    assert.equal(refreshes(), 1);
    assert.equal(state().state, 'ready');
  });

  it('renews before the first use after the machine has slept', async () => {
    const { page, clock, refreshes, state, email } = await signIn();
    clock.advance(3 * hour, { asleep: true });
    assert.equal(refreshes(), 0);
    assert.equal(await email(), admin.email);
    assert.equal(refreshes(), 1);
    clock.advance(3 * hour, { asleep: true });
    page.callers.wake();
    await until(async () => refreshes() === 2 && state().state === 'ready');
  });

  for (const [name, aheadMs] of [
    ['a day ahead', 24 * hour],
    ['a day behind', -24 * hour],
  ] as const) {
    it(`uses a token for its whole lifetime with a clock that is ${name}`, async () => {
      const { clock, refreshes, email } = await signIn(aheadMs);
      clock.advance(5 * minute);
      assert.equal(await email(), admin.email);
      assert.equal(refreshes(), 0);
    });
  }

  it('tries again after a temporary failure, uses the token meanwhile, and loses nothing', async () => {
    const { page, clock, id, refreshes, state, email } = await signIn();
    page.failNext = () => Promise.reject(new TypeError('Failed to fetch'));
    clock.advance(8.6 * minute);
    await until(async () => state().reason !== null);
    assert.match(state().reason ?? '', /^Not renewed yet: The server did not answer/);
    assert.equal(state().state, 'ready');
    assert.equal(await email(), admin.email);
    page.failNext = async () => new Response('busy', { status: 503 });
    clock.advance(2 * minute, { asleep: true });
    await assert.rejects(page.callers.authorization(id), (error) => error instanceof SessionError && error.isTemporary);
    assert.equal(state().state, 'ready');
    assert.equal(await email(), admin.email);
    assert.equal(state().reason, null);
    assert.equal(refreshes(), 0, 'the refresh token is not sent again while it may be used');
  });

  it('loses nothing when the answer of a renewal is lost: the refresh token is not sent again', async () => {
    const { page, clock, state, refreshes, email } = await signIn();
    page.failNext = async (url, init) => {
      await fetch(url, init);
      throw new TypeError('the answer was lost');
    };
    clock.advance(8.6 * minute);
    await until(async () => state().reason !== null);
    clock.advance(5 * minute, { asleep: true });
    assert.equal(await email(), admin.email);
    assert.equal(refreshes(), 0, 'no answer of a renewal has arrived');
    assert.equal(page.opened.length, 1, 'no second window');
    clock.advance(9.9 * minute, { asleep: true });
    assert.equal(await email(), admin.email);
    assert.equal(refreshes(), 1);
  });

  it('ends with a reason if the grant has ended, and signs in again in the same place', async () => {
    const { page, id, state, email } = await signIn();
    await revokeGrant(page, id);
    await assert.rejects(page.callers.renew(id), /invalid_grant/);
    assert.equal(state().state, 'ended');
    assert.match(state().reason ?? '', /has ended and was not renewed: .*invalid_grant.* Sign in again\.$/);
    await assert.rejects(page.callers.authorization(id), /has ended/);
    await assert.rejects(page.callers.renew(id), /has ended/);
    const again = await page.callers.signIn({ scopes: [], replaces: id });
    assert.equal(again.id, id);
    assert.deepEqual(again.scopes, ['profile']);
    assert.equal(await email(), admin.email);
  });

  it('renews once after a 401, also for ten requests at the same time', async () => {
    const { page, id, refreshes } = await signIn();
    const token = ((await page.callers.authorization(id)) ?? '').slice('Bearer '.length);
    await revoke(server.url, { token, clientId: 'claimgate-explorer' });
    const send = authorizedFetch(page.callers, id, fetch);
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { account { email } } }"}',
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(`${server.url}/graphql`, request)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(refreshes(), 1);

    let sent = 0;
    const refusing = authorizedFetch(page.callers, id, async () => {
      sent += 1;
      return new Response('{}', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    });
    assert.equal((await refusing('/graphql', request)).status, 401);
    assert.equal(sent, 2);
    assert.equal(refreshes(), 2);
  });

  it('a caller that is removed during its renewal stays removed', async () => {
    const { page, id, state, refreshes } = await signIn();
    const renewing = page.callers.renew(id);
    page.callers.remove(id);
    await renewing;
    assert.equal(state().state, 'removed');
    assert.equal(refreshes(), 1);
    await assert.rejects(page.callers.authorization(id), /was removed/);
  });

  /** Ends the grant of a caller, as the person can do at /account. */
  async function revokeGrant(page: ExplorerPage, id: string): Promise<void> {
    const grant = page.callers.list().find((caller) => caller.id === id)?.claims?.['grant_id'];
    await withStore(server, (store) => takeBackGrant(store, String(grant), null, Date.now()));
  }
});
