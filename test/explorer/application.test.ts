import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keepExplorer, removeExplorer } from '../../src/identity/explorer-application.ts';
import { findApplications } from '../../src/identity/applications/applications.ts';
import { disableAccount, enableAccount } from '../../src/identity/accounts/disabling.ts';
import { resetPassword } from '../../src/identity/accounts/password-change.ts';
import { migrateDatabase } from '../../src/store/database.ts';
import type { Store } from '../../src/store/tables.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { openTwo } from '../identity/two-processes.ts';
import { authorizeAddress, exchange, query, registerApplication, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { type Account, addPerson, admin, startTestServer, type TestServer, withStore } from '../support/server.ts';
import { hashCheaply } from '../support/passwords.ts';

const clientId = 'claimgate-explorer';

/** Follows the redirects of a sign-in of the explorer. @returns the page, or the address of the callback, not loaded */
async function followed(person: Person, response: Response): Promise<{ url: string; html: string }> {
  let current = response;
  while (current.status >= 300 && current.status < 400) {
    const target = new URL(current.headers.get('location') ?? '', current.url);
    if (target.pathname === '/explorer/callback') return { url: target.href, html: '' };
    current = await person.get(target.href);
  }
  return { url: current.url, html: await current.text() };
}

/** Begins a sign-in of the explorer. */
async function ask(server: TestServer, person: Person, parameters: Record<string, string> = {}) {
  const redirectUri = `${server.url}/explorer/callback`;
  const codeVerifier = randomBytes(32).toString('base64url');
  const address = authorizeAddress(server.url, {
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    ...parameters,
  });
  const page = await followed(person, await person.get(address));
  return { page, codeVerifier, redirectUri };
}

/** Answers the page of the sign-in and the page of the consent. */
async function allow(
  person: Person,
  page: { url: string; html: string },
  { email, password }: Account = admin,
): Promise<URL> {
  const fields = { email, password, decision: 'sign-in' };
  const consent = await followed(person, await person.submit(page, 'sign-in', fields));
  const { url } = await followed(person, await person.submit(consent, 'consent', { decision: 'allow' }));
  return new URL(url);
}

/** Signs in with the explorer. @returns its tokens */
async function tokensOf(server: TestServer, person: Person, scope = 'profile') {
  const { page, codeVerifier, redirectUri } = await ask(server, person, { scope });
  const code = (await allow(person, page)).searchParams.get('code') ?? '';
  return exchange(server.url, { clientId, code, codeVerifier, redirectUri });
}

onEachDatabase((database) => {
  describe('the application of the explorer', () => {
    it('is created and kept current, also by two processes that start at the same time', async (t) => {
      const { here, there } = await openTwo(database, t);
      await migrateDatabase('', here);
      const first = 'http://localhost:4000/explorer/callback';
      await Promise.all([keepExplorer(here, first, 1), keepExplorer(there, first, 2)]);
      const [created] = await findApplications(here, [clientId]);
      assert.deepEqual(created?.redirectUris, [first]);
      assert.equal(created?.tokenEndpointAuthMethod, 'none');
      assert.equal(created?.applicationType, 'web');
      assert.equal(created?.scopes, null);
      await keepExplorer(there, 'https://api.example.com/explorer/callback', 3);
      const [moved] = await findApplications(here, [clientId]);
      assert.deepEqual(moved?.redirectUris, ['https://api.example.com/explorer/callback']);
      assert.equal(moved?.createdAt, created?.createdAt);
      assert.equal(await removeExplorer(here, 4), true);
      assert.equal(await removeExplorer(there, 5), false);
    });

    it('signs in; with explorer=false it is gone and its tokens end; later it is back', async () => {
      const config = (explorer: boolean) => `export default { explorer: ${explorer} };\n`;
      const server = await startTestServer({ database, config: config(true) });
      let off: TestServer | undefined;
      try {
        const person = new Person();
        const { accessToken, refreshToken } = await tokensOf(server, person, 'profile grants');
        const seen = '{ viewer { __typename account { email } } }';
        const { body } = await query(server.url, seen, { token: accessToken });
        assert.equal(body.data?.viewer?.account?.email, admin.email, JSON.stringify(body));

        // The new process uses the database of the first one, which still runs.
        await writeFile(join(server.folder, 'claimgate.config.mjs'), config(false));
        off = await startTestServer({ beside: server });
        for (const path of ['/explorer', '/explorer/callback', '/explorer/assets/app.js']) {
          const answer = await fetch(off.own + path);
          const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
          assert.deepEqual([path, answer.status, errors[0]?.extensions.code], [path, 404, 'NOT_FOUND']);
        }
        assert.equal((await query(off.own, seen, { token: accessToken })).status, 401);
        const refreshed = await query(
          off.own,
          'mutation ($input: RefreshAccessTokenInput!) { refreshAccessToken(input: $input) { ... on OAuthError { error } } }',
          { variables: { input: { clientId, refreshToken } } },
        );
        assert.equal(refreshed.body.data?.refreshAccessToken?.error, 'invalid_client', JSON.stringify(refreshed.body));
        const recorded = await withStore(server, (store) =>
          store
            .selectFrom('audit_events')
            .select(['client_id', 'detail'])
            .where('type', '=', 'application_deleted')
            .execute(),
        );
        assert.deepEqual(
          recorded.map((row) => ({ ...row })),
          [{ client_id: clientId, detail: 'explorer: false' }],
        );
        await off.stop();

        await writeFile(join(server.folder, 'claimgate.config.mjs'), config(true));
        off = await startTestServer({ beside: server });
        assert.equal((await query(off.own, seen, { token: accessToken })).status, 401);
        const again = await tokensOf(server, new Person());
        assert.ok(again['accessToken'], JSON.stringify(again));
      } finally {
        await off?.stop();
        await server.dispose();
      }
    });
  });
});

describe('the application of the explorer', () => {
  let server: TestServer;
  let token: string;
  before(async () => {
    server = await startTestServer();
    ({ accessToken: token } = await signInFor(server.url, { scope: 'applications accounts' }));
  });
  after(() => server.dispose());

  async function id(): Promise<string> {
    const document = 'query ($id: String!) { application(clientId: $id) { id name } }';
    const { body } = await query(server.url, document, { token, variables: { id: clientId } });
    return body.data.application.id;
  }

  async function change(changes: Record<string, unknown>) {
    const { body } = await query(
      server.url,
      'mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) { application { scopes } } }',
      { token, variables: { input: { id: await id(), ...changes } } },
    );
    return body.errors?.[0]?.extensions['code'] ?? body.data.updateApplication.application;
  }

  it('cannot be deleted, and only its scopes can be changed', async () => {
    const { body } = await query(
      server.url,
      'mutation ($input: DeleteApplicationInput!) { deleteApplication(input: $input) { __typename } }',
      { token, variables: { input: { id: await id() } } },
    );
    assert.equal(body.errors?.[0]?.extensions['code'], 'CONFLICT', JSON.stringify(body));
    assert.equal(await change({ redirectUris: ['https://evil.example/'] }), 'CONFLICT');
    assert.equal(await change({ name: 'Explorer' }), 'CONFLICT');
    assert.equal(await change({ postLogoutRedirectUris: ['https://evil.example/'] }), 'CONFLICT');
    assert.deepEqual(await change({ scopes: ['profile', 'grants'] }), { scopes: ['profile', 'grants'] });
  });

  it('has exactly one redirect URI: neither another port nor another path gets a code', async () => {
    for (const redirectUri of [
      `${server.url}/explorer`,
      `${server.url}/explorer/callback/`,
      'http://localhost:1/explorer/callback',
      'http://127.0.0.1/explorer/callback',
      'https://evil.example/explorer/callback',
    ]) {
      const { page } = await ask(server, new Person(), { redirect_uri: redirectUri });
      assert.match(page.html, /redirect/i);
      assert.doesNotMatch(page.url, /code=/);
    }
  });

  it('F-2 a yes for the explorer is remembered in the same sign-in session, also silently', async () => {
    const person = new Person();
    const first = await ask(server, person);
    await allow(person, first.page);
    for (const parameters of [{}, { prompt: 'none' }]) {
      const { page, codeVerifier, redirectUri } = await ask(server, person, parameters);
      const code = new URL(page.url).searchParams.get('code') ?? '';
      const tokens = await exchange(server.url, { clientId, code, codeVerifier, redirectUri });
      assert.ok(tokens['accessToken'], page.html);
    }
    // A scope that is not yet allowed needs the page.
    const { page } = await ask(server, person, { scope: 'profile grants', prompt: 'none' });
    assert.equal(new URL(page.url).searchParams.get('error'), 'consent_required');
  });

  /** What a browser gets without a page: a code, or the error of the authorization server. */
  async function silently(person: Person, scope = 'profile'): Promise<string> {
    const { page } = await ask(server, person, { scope, prompt: 'none' });
    const answer = new URL(page.url).searchParams;
    return answer.has('code') ? 'code' : (answer.get('error') ?? page.html);
  }

  it('F-3 a yes for the explorer ends with a new password, a disabled account and another account of the browser', async () => {
    const again = 'the new password of the person';
    const passwordHash = await hashCheaply(again);
    for (const [name, end] of [
      [
        'reset',
        async (store: Store, id: string) => {
          await resetPassword(store, id, passwordHash, Date.now());
        },
      ],
      [
        'disabled',
        async (store: Store, id: string) => {
          await disableAccount(store, id, Date.now());
          await enableAccount(store, id);
        },
      ],
    ] as const) {
      const account = await addPerson(server, `${name}@example.com`);
      const person = new Person();
      await allow(person, (await ask(server, person, { scope: 'profile' })).page, account);
      assert.equal(await silently(person), 'code', name);
      await withStore(server, (store) => inTransaction(store, (transaction) => end(transaction, account.id)));
      assert.equal(await silently(person), 'login_required', name);
      const { page } = await ask(server, person, { scope: 'profile' });
      const password = name === 'reset' ? again : account.password;
      const fields = { email: account.email, password, decision: 'sign-in' };
      const next = await followed(person, await person.submit(page, 'sign-in', fields));
      assert.match(next.html, /\/consent"/, name);
    }
    const person = new Person();
    await allow(person, (await ask(server, person)).page);
    const other = await addPerson(server, 'other@example.com');
    const { page } = await ask(server, person, { prompt: 'login' });
    const fields = { email: other.email, password: other.password, decision: 'sign-in' };
    const next = await followed(person, await person.submit(page, 'sign-in', fields));
    assert.match(next.html, /\/consent"/, 'the yes of one account is none of another');
    assert.equal(await silently(person), 'consent_required');
  });

  it('F-9 another application with the callback of the explorer as its redirect URI gets no code without a page', async () => {
    const { accessToken } = await signInFor(server.url, { scope: 'applications' });
    const { clientId: other } = await registerApplication(server.url, accessToken, { tokenEndpointAuthMethod: 'NONE' });
    // An application can register this address only if it is https.
    const redirectUris = JSON.stringify([`${server.url}/explorer/callback`]);
    await withStore(server, (store) =>
      store.updateTable('applications').set({ redirect_uris: redirectUris }).where('id', '=', other).execute(),
    );
    const person = new Person();
    await allow(person, (await ask(server, person)).page);
    for (let time = 0; time < 2; time += 1) {
      const { page } = await ask(server, person, { client_id: other, prompt: 'none' });
      assert.equal(new URL(page.url).searchParams.get('error'), 'consent_required', page.html);
      const consent = (await ask(server, person, { client_id: other })).page;
      await person.submit(consent, 'consent', { decision: 'allow' });
    }
  });

  it('F-2 a yes for the explorer is not remembered in another browser, nor for claimgate at a loopback address', async () => {
    const here = new Person();
    await allow(here, (await ask(server, here)).page);
    const there = new Person();
    const { page } = await ask(server, there);
    const consent = await followed(there, await there.submit(page, 'sign-in', { ...admin, decision: 'sign-in' }));
    assert.match(consent.html, /\/consent"/);
    // The same person says yes to `claimgate` at a loopback address, and is asked again.
    for (let time = 0; time < 2; time += 1) {
      const asked = await here.follow(await here.get(authorizeAddress(server.url)), server.url);
      assert.match(asked.html, /\/consent"/);
      await here.submit(asked, 'consent', { decision: 'allow' });
    }
  });
});
