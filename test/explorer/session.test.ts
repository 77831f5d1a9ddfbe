import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anonymousId, maxCallers, SessionError } from '../../src/explorer/client/session/caller.ts';
import { query, signInFor } from '../support/client.ts';
import { type ExplorerPage, fakeClock, openExplorer } from '../support/explorer.ts';
import { Person } from '../support/person.ts';
import { type Account, addPerson, admin, startTestServer, type TestServer } from '../support/server.ts';

describe('the sign-in of the explorer', () => {
  let server: TestServer;
  let grace: Account;
  const pages: ExplorerPage[] = [];

  before(async () => {
    server = await startTestServer();
    grace = await addPerson(server, 'grace@example.com');
  });
  after(async () => {
    for (const page of pages) page.callers.dispose();
    await server.dispose();
  });

  function open(options: Parameters<typeof openExplorer>[1] = {}): ExplorerPage {
    const page = openExplorer(server, options);
    pages.push(page);
    return page;
  }

  async function viewer(authorization: string | null): Promise<{ status: number; email: string | undefined }> {
    const headers: Record<string, string> = authorization === null ? {} : { authorization };
    const { status, body } = await query(server.url, '{ viewer { account { email } } }', { headers });
    return { status, email: body.data?.viewer?.account?.email };
  }
  const emailOf = async (page: ExplorerPage, id: string) => (await viewer(await page.callers.authorization(id))).email;
  const stateOf = (page: ExplorerPage, id: string) => page.callers.list().find((caller) => caller.id === id);

  it('signs in with the mutation, PKCE, state, nonce and iss, and reads the account', async () => {
    const page = open();
    assert.equal(await page.callers.authorization(anonymousId), null);
    const caller = await page.callers.signIn({ scopes: ['profile', 'grants'] });
    assert.equal(caller.label, admin.email);
    assert.equal(caller.kind, 'signed-in');
    assert.equal(caller.state, 'ready');
    assert.deepEqual(caller.scopes, ['grants', 'profile']);
    assert.equal(caller.claims?.['client_id'], 'claimgate-explorer');
    const address = new URL(page.opened[0] ?? '');
    assert.equal(address.pathname, '/oauth/authorize');
    assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(address.searchParams.get('state')?.length, 43);
    assert.equal(address.searchParams.get('nonce')?.length, 43);
    assert.deepEqual(
      page.sent.map(({ operation, authorization }) => [operation, authorization !== null]),
      [
        ['ExplorerExchange', false],
        ['ExplorerCaller', true],
      ],
    );
    assert.equal(await emailOf(page, caller.id), admin.email);
  });

  it('names a caller without the scope profile without a denial, and tells two callers of a person apart', async () => {
    const page = open();
    const sole = await page.callers.signIn({ scopes: ['grants'] });
    assert.match(sole.label, /^[\da-f-]{36}$/, 'the subject');
    assert.deepEqual(
      page.sent.map(({ operation }) => operation),
      ['ExplorerExchange'],
      'the account is not read',
    );
    const more = await page.callers.signIn({ scopes: ['profile'], replaces: sole.id });
    assert.deepEqual([more.id, more.label], [sole.id, admin.email]);
    assert.equal((await page.callers.signIn({ scopes: ['grants'] })).label, `${admin.email} (grants)`);
    assert.equal((await page.callers.signIn({ scopes: ['grants'] })).label, `${admin.email} (grants) 2`);
    page.callers.rename(sole.id, 'My caller');
    await page.callers.signIn({ scopes: ['applications'], replaces: sole.id });
    assert.equal(stateOf(page, sole.id)?.label, 'My caller');
  });

  it('reads the account of a server whose identity API has a prefix', async (t) => {
    const renamed = await startTestServer({
      config: "export default { identityApi: { prefix: 'Claimgate' } };",
    });
    t.after(() => renamed.dispose());
    const page = openExplorer(renamed, { prefix: 'Claimgate' });
    pages.push(page);
    assert.equal((await page.callers.signIn({ scopes: ['profile'] })).label, admin.email);
  });

  it('keeps callers of several people at the same time: the first is renewed when the second signs in', async () => {
    const page = open();
    const ada = await page.callers.signIn({ scopes: ['profile'] });
    const before = await page.callers.authorization(ada.id);
    page.at = { account: grace };
    const other = await page.callers.signIn({ scopes: ['profile'], as: 'new-person' });
    assert.equal(other.label, grace.email);
    assert.equal((await viewer(before)).status, 401);
    assert.equal(await emailOf(page, ada.id), admin.email);
    assert.equal(await emailOf(page, other.id), grace.email);
  });

  it('renews the first caller too if the second person signs in and then refuses the consent', async () => {
    const page = open();
    const ada = await page.callers.signIn({ scopes: ['profile'] });
    const before = await page.callers.authorization(ada.id);
    page.at = { account: grace, decision: 'deny' };
    await assert.rejects(page.callers.signIn({ scopes: ['profile'], as: 'new-person' }), /access_denied/);
    assert.equal((await viewer(before)).status, 401);
    assert.equal(await emailOf(page, ada.id), admin.email);
    assert.equal(page.callers.list().length, 2);
  });

  it('reports a refused sign-in in words, and shortens and cleans the text of others', async () => {
    const page = open();
    page.at = { decision: 'deny' };
    await assert.rejects(
      page.callers.signIn({ scopes: ['profile'] }),
      /^SessionError: The sign-in was refused or cancelled \(access_denied: The person denied the request\)\.$/,
    );
    page.at = {
      answer: (message) => ({
        ...message,
        code: null,
        error: 'x\u202ey\n<img src=x onerror=alert(1)>',
        error_description: `a\u0000b${'c'.repeat(900)}`,
      }),
    };
    await assert.rejects(page.callers.signIn({ scopes: ['profile'] }), (error) => {
      assert.ok(error instanceof SessionError);
      assert.ok(error.message.length < 500, error.message);
      assert.doesNotMatch(error.message, /[\p{Cc}\u202e]/u);
      return true;
    });
    assert.deepEqual(
      page.callers.list().map(({ id }) => id),
      [anonymousId],
    );
  });

  it('refuses an answer of another issuer, of another sign-in, and an ID token with another nonce', async () => {
    const page = open();
    for (const iss of [null, 'https://attacker.example', `${server.url}/`]) {
      page.at = { answer: (message) => ({ ...message, iss }) };
      await assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /RFC 9207/);
    }
    assert.deepEqual(page.sent, [], 'no code was sent');

    page.at = {};
    page.failNext = async (url, init) => {
      const response = await fetch(url, init);
      const body = (await response.json()) as { data: { exchangeAuthorizationCode: { idToken: string } } };
      const tokens = body.data.exchangeAuthorizationCode;
      const [header, claims = '', signature] = tokens.idToken.split('.');
      const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), nonce: 'of another sign-in' };
      tokens.idToken = [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
      return Response.json(body);
    };
    await assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /ID token belongs to another sign-in/);
    assert.equal(page.callers.list().length, 1);
  });

  it('ignores answers with another state and malformed answers, and can be cancelled', async () => {
    const page = open();
    page.at = { answer: (message) => ({ ...message, state: 'another' }) };
    const begun = assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /given up/);
    await waitFor(() => page.callers.pending());
    assert.equal(page.callers.pending()?.url, page.opened[0]);
    page.callers.cancel();
    await begun;
    assert.equal(page.callers.pending(), null);

    page.at = { closes: true };
    const first = assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /Another sign-in was begun/);
    await waitFor(() => page.callers.pending());
    const second = assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /given up/);
    await first;
    await waitFor(() => page.callers.pending());
    page.callers.cancel();
    await second;
  });

  it('gives up a sign-in after 15 minutes', async () => {
    const clock = fakeClock();
    const page = open({ clock });
    page.at = { closes: true };
    const begun = assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /not finished in time/);
    await waitFor(() => page.callers.pending());
    assert.equal((page.callers.pending()?.endsAt ?? 0) - clock.now(), 15 * 60_000);
    clock.advance(15 * 60_000);
    await begun;
    assert.equal(page.callers.pending(), null);
  });

  it('is signed in again after a reload without a window, and not after a sign-out', async () => {
    const browser = new Person();
    const memory = { text: null as string | null };
    const fresh = open({ browser, memory });
    assert.equal(await fresh.callers.signInSilently(), null);
    const signedIn = await fresh.callers.signIn({ scopes: ['profile', 'grants'] });
    assert.equal(memory.text, '["profile","grants"]');

    const reloaded = open({ browser, memory });
    const silent = await reloaded.callers.signInSilently();
    assert.equal(silent?.label, admin.email);
    assert.deepEqual(silent?.scopes, signedIn.scopes);
    assert.deepEqual(reloaded.opened, []);
    assert.equal(await emailOf(reloaded, silent?.id ?? ''), admin.email);

    await reloaded.callers.signOut(silent?.id ?? '');
    assert.equal(memory.text, null);
    memory.text = '["profile","grants"]';
    assert.equal(await open({ browser, memory }).callers.signInSilently(), null, 'the grant has ended');
    for (const text of ['{"a":1}', '["a b"]', 'x', `[${'"a",'.repeat(500)}"a"]`]) {
      memory.text = text;
      assert.equal(await open({ browser, memory }).callers.signInSilently(), null);
    }
  });

  it('two tabs renew, and one removes its caller, without ending the tokens of the other', async () => {
    const browser = new Person();
    const memory = { text: null as string | null };
    const one = open({ browser, memory });
    const first = await one.callers.signIn({ scopes: ['profile'] });
    const two = open({ browser, memory });
    const second = await two.callers.signInSilently();
    assert.ok(second);
    assert.equal(first.claims?.['grant_id'], second.claims?.['grant_id'], 'one consent, one grant');
    for (let round = 0; round < 3; round++) {
      await one.callers.renew(first.id);
      await two.callers.renew(second.id);
    }
    assert.equal(await emailOf(one, first.id), admin.email);
    assert.equal(await emailOf(two, second.id), admin.email);
    one.callers.remove(first.id);
    await two.callers.renew(second.id);
    assert.equal(await emailOf(two, second.id), admin.email);

    const three = open({ browser, memory });
    const third = await three.callers.signInSilently();
    await three.callers.signOut(third?.id ?? '');
    await assert.rejects(two.callers.renew(second.id), /invalid_grant/);
    assert.equal(stateOf(two, second.id)?.state, 'ended');
    assert.match(stateOf(two, second.id)?.reason ?? '', /Sign in again\.$/);
  });

  it('signs in with fewer scopes, and signing one of them out leaves the other', async () => {
    const page = open();
    const all = await page.callers.signIn({ scopes: ['profile', 'grants'] });
    const fewer = await page.callers.signIn({ scopes: ['profile'] });
    assert.deepEqual(fewer.scopes, ['profile']);
    await page.callers.renew(fewer.id);
    assert.deepEqual(stateOf(page, fewer.id)?.scopes, ['profile']);
    const ended = await page.callers.authorization(all.id);
    await page.callers.signOut(all.id);
    await waitFor(async () => (await viewer(ended)).status === 401);
    assert.equal(await emailOf(page, fewer.id), admin.email);
    await page.callers.signOut(fewer.id);
    await assert.rejects(page.callers.authorization(fewer.id), /was removed/);
  });

  it('adds scopes to a caller that stays the same, and says which were not granted', async () => {
    const page = open();
    page.at = { account: grace };
    const caller = await page.callers.signIn({ scopes: ['profile'] });
    const more = await page.callers.signIn({ scopes: ['grants', 'accounts'], replaces: caller.id });
    assert.equal(more.id, caller.id);
    assert.deepEqual(more.scopes, ['grants', 'profile']);
    assert.equal(more.reason, 'Not granted: accounts');
    assert.equal(page.callers.list().length, 2);
    assert.equal(await emailOf(page, caller.id), grace.email);

    page.at = { account: admin };
    const other = await page.callers.signIn({ scopes: [], as: 'new-person', replaces: caller.id });
    assert.notEqual(other.id, caller.id, 'another person does not take the place');
    assert.equal(await emailOf(page, caller.id), grace.email);
  });

  it('steps up: a fresh authentication with the requested context', async () => {
    const page = open();
    const caller = await page.callers.signIn({ scopes: ['profile'] });
    const earlier = Number(caller.claims?.['auth_time']);
    // `auth_time` has whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const acr = ['urn:claimgate:acr:pwd'];
    const stepped = await page.callers.signIn({ scopes: [], replaces: caller.id, maxAge: 0, acr });
    assert.equal(stepped.id, caller.id);
    assert.ok(Number(stepped.claims?.['auth_time']) > earlier);
    const address = new URL(page.opened[1] ?? '');
    assert.equal(address.searchParams.get('max_age'), '0');
    assert.equal(address.searchParams.get('acr_values'), acr[0]);
    await assert.rejects(
      page.callers.signIn({ scopes: [], replaces: caller.id, acr: ['urn:other'] }),
      /No sign-in here reaches the required authentication context/,
    );
    assert.equal(await emailOf(page, caller.id), admin.email);
  });

  it('revokes the tokens at the sign-out, and opens the sign-out page if that is wanted', async () => {
    const page = open();
    const caller = await page.callers.signIn({ scopes: ['profile'] });
    const authorization = await page.callers.authorization(caller.id);
    await page.callers.signOut(caller.id, { endSession: true });
    await waitFor(async () => (await viewer(authorization)).status === 401);
    assert.equal(page.opened.at(-1), `${server.url}/oauth/logout?client_id=claimgate-explorer`);
    assert.equal(page.callers.list().length, 1);

    const again = await page.callers.signIn({ scopes: ['profile'] });
    page.failNext = () => Promise.reject(new TypeError('network'));
    await assert.rejects(page.callers.signOut(again.id), /forgotten here, but were not revoked/);
    assert.equal(page.callers.list().length, 1);
  });

  it('takes a pasted token of any issuer and checks only its shape', async () => {
    const page = open();
    const { accessToken } = await signInFor(server.url, { scope: 'profile' });
    for (const text of [accessToken, ` Bearer ${accessToken}\n`, `Authorization: bearer ${accessToken}`]) {
      const caller = page.callers.paste(text);
      assert.equal(caller.kind, 'pasted');
      assert.deepEqual(caller.scopes, ['profile']);
      assert.equal(await emailOf(page, caller.id), admin.email);
      await assert.rejects(page.callers.renew(caller.id), /Only a caller that signed in/);
      page.callers.remove(caller.id);
      assert.equal((await viewer(`Bearer ${accessToken}`)).status, 200, 'a pasted token is not revoked');
    }
    const opaque = page.callers.paste('an-opaque~token/of+another=');
    assert.deepEqual([opaque.claims, opaque.scopes, opaque.state], [null, [], 'ready']);

    const made = (claims: Record<string, unknown>) =>
      ['{"alg":"ES256"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const expired = page.callers.paste(made({ sub: 'a', exp: 1_700_000_000 }));
    assert.equal(expired.state, 'ended');
    assert.match(expired.reason ?? '', /expired at 2023-11-14/);
    await assert.rejects(page.callers.authorization(expired.id), /expired at/);
    assert.match(page.callers.paste(made({ cnf: { jkt: 'x' } })).reason ?? '', /DPoP/);
    assert.match(page.callers.paste(made({ cnf: { 'x5t#S256': 'x' } })).reason ?? '', /certificate/);
    for (const text of ['', '  ', 'two words', 'a\u0000b', 'é', 'DPoP abc', 'x'.repeat(20_000)]) {
      assert.throws(
        () => page.callers.paste(text),
        (error) => error instanceof SessionError && (text.trim() === '' || !error.message.includes(text)),
      );
    }
  });

  it('ends a pasted token when it runs out', () => {
    const clock = fakeClock();
    const page = open({ clock });
    const exp = Math.floor(clock.now() / 1_000) + 300;
    const claims = Buffer.from(JSON.stringify({ sub: 'a', exp })).toString('base64url');
    const caller = page.callers.paste(`e30.${claims}.x`);
    clock.advance(299_000);
    assert.equal(stateOf(page, caller.id)?.state, 'ready');
    clock.advance(120_000);
    assert.equal(stateOf(page, caller.id)?.state, 'ended');
  });

  it(`has at most ${maxCallers} callers`, async () => {
    const page = open();
    const caller = await page.callers.signIn({ scopes: ['profile'] });
    for (let count = 2; count < maxCallers; count++) page.callers.paste('opaque');
    assert.equal(page.callers.list().length, maxCallers);
    assert.throws(() => page.callers.paste('opaque'), /Remove one first/);
    await assert.rejects(page.callers.signIn({ scopes: ['profile'] }), /Remove one first/);
    assert.equal(page.opened.length, 1, 'no window for a sign-in that has no room');
    const more = await page.callers.signIn({ scopes: ['grants'], replaces: caller.id });
    assert.equal(more.id, caller.id);
    page.callers.remove(anonymousId);
    assert.equal(page.callers.list()[0]?.id, anonymousId, 'the caller without a token stays');
    page.callers.rename(caller.id, '  My\ncaller ');
    assert.equal(stateOf(page, caller.id)?.label, 'My caller');
  });

  it('shows no secret in what it hands out', async () => {
    const page = open();
    const caller = await page.callers.signIn({ scopes: ['profile'] });
    const token = (await page.callers.authorization(caller.id))?.slice('Bearer '.length) ?? '';
    const shown = JSON.stringify([page.callers.list(), page.callers.pending(), page.memory]);
    assert.ok(!shown.includes(token) && !shown.includes(token.split('.')[2] ?? ''));
    for (const url of page.opened) assert.doesNotMatch(url, /verifier|token|code=/);
  });
});

async function waitFor(condition: () => unknown): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the condition was not met within 5 s');
}
