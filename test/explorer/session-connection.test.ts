import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { approve } from '../support/issuer.ts';
import { type ExplorerPage, fakeClock, openExplorer } from '../support/explorer.ts';
import { freePort, until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type RunningStranger, startStranger, strangerSecret } from '../support/stranger.ts';

describe('the sign-in of the explorer at a foreign issuer', () => {
  let server: TestServer;
  let stranger: RunningStranger;

  before(async () => {
    const port = await freePort();
    const connection = {
      name: 'elsewhere',
      issuer: `http://127.0.0.1:${port}`,
      clientId: 'RS256-basic',
      clientSecret: strangerSecret,
      scopes: ['openid', 'email'],
    };
    server = await startTestServer({
      // The public URL is known only in the server's own environment.
      config: `const redirectUris = [process.env.CLAIMGATE_PUBLIC_URL + '/explorer/callback'];
        export default { connections: [{ ...${JSON.stringify(connection)}, redirectUris }] };`,
      env: { CLAIMGATE_ISSUER: connection.issuer, CLAIMGATE_KEY: randomBytes(32).toString('base64') },
    });
    stranger = await startStranger({ port, redirectUris: [`${server.url}/explorer/callback`] });
  });
  after(async () => {
    await server.dispose();
    await stranger.stop();
  });

  function open(clock = fakeClock()): ExplorerPage {
    return openExplorer(server, {
      clock,
      signIn: { kind: 'connection', connection: 'elsewhere' },
      visit: (url) => approve(new URL(url), `${server.url}/explorer/callback`),
    });
  }

  it('begins, exchanges, renews by handle and revokes', async () => {
    const clock = fakeClock();
    const page = open(clock);
    const caller = await page.callers.signIn({ scopes: [] });
    assert.equal(caller.kind, 'signed-in');
    assert.notEqual(caller.label, '');
    assert.equal(new URL(page.opened[0] ?? '').origin, stranger.issuer);
    assert.deepEqual(
      page.sent.map(({ operation }) => operation),
      ['ExplorerBegin', 'ExplorerExchange', 'ExplorerCaller'],
    );
    const before = await page.callers.authorization(caller.id);
    clock.advance(8.6 * 60_000);
    await until(async () => page.sent.at(-1)?.operation === 'ExplorerRefresh' && isReady(page));
    assert.notEqual(await page.callers.authorization(caller.id), before);
    await page.callers.signOut(caller.id);
    assert.equal(page.sent.at(-1)?.operation, 'ExplorerRevoke');
    await until(async () => (await stranger.liveRefreshTokens()) === 0);
    assert.equal(page.memory.text, null, 'nothing is remembered: a foreign issuer cannot be asked silently');
    assert.equal(await page.callers.signInSilently(), null);
    page.callers.dispose();
  });

  it('refuses an answer with another iss, and reports an unknown scope in words', async () => {
    const page = open();
    page.at = { answer: (message) => ({ ...message, iss: 'https://attacker.example' }) };
    await assert.rejects(page.callers.signIn({ scopes: [] }), /RFC 9207.*invalid_grant/);
    await assert.rejects(page.callers.signIn({ scopes: ['unknown'] }), /invalid_scope/);
    assert.equal(page.callers.list().length, 1);
    page.callers.dispose();
  });

  it('never puts a sign-in in the place of another one if the subjects are not known', async () => {
    const page = openExplorer(server, {
      clock: fakeClock(),
      signIn: { kind: 'connection', connection: 'elsewhere' },
      visit: async (url) => {
        const state = new URL(url).searchParams.get('state') ?? '';
        const tokens = { accessToken: `opaque-${state}`, tokenType: 'Bearer', expiresIn: 600, scope: [] };
        page.failNext = async () => Response.json({ data: { exchangeAuthorizationCode: tokens } });
        return new URL(`${server.url}/explorer/callback?${new URLSearchParams({ code: 'c', state }).toString()}`);
      },
    });
    const first = await page.callers.signIn({ scopes: [] });
    page.callers.rename(first.id, 'Ada');
    const before = await page.callers.authorization(first.id);
    const second = await page.callers.signIn({ scopes: [], replaces: first.id });
    assert.notEqual(second.id, first.id);
    assert.equal(await page.callers.authorization(first.id), before, 'Ada keeps her own token');
    assert.equal(page.callers.list().find(({ id }) => id === second.id)?.label, 'Signed in');
    page.callers.dispose();
  });

  it('asks the foreign issuer for another person, and keeps the secrets out of the address', async () => {
    const page = open();
    page.at = { closes: true };
    const begun = assert.rejects(page.callers.signIn({ scopes: [], as: 'new-person', maxAge: 60 }), /given up/);
    await until(async () => page.callers.pending() !== null);
    const address = new URL(page.callers.pending()?.url ?? '');
    assert.equal(address.searchParams.get('prompt'), 'login');
    assert.equal(address.searchParams.get('max_age'), '60');
    assert.equal(address.searchParams.has('transaction'), false);
    page.callers.cancel();
    await begun;
    page.callers.dispose();
  });

  function isReady(page: ExplorerPage): boolean {
    return page.callers.list().every(({ state }) => state === 'ready');
  }
});
