import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keepExplorer, removeExplorer } from '../../src/identity/explorer-application.ts';
import { findApplications } from '../../src/identity/applications/applications.ts';
import { migrateDatabase } from '../../src/store/database.ts';
import { openTwo } from '../identity/two-processes.ts';
import { authorizeAddress, exchange, query, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

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
async function allow(person: Person, page: { url: string; html: string }): Promise<URL> {
  const consent = await followed(person, await person.submit(page, 'sign-in', { ...admin, decision: 'sign-in' }));
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
