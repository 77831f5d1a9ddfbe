import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { ScopeCatalogue } from '../../../src/identity/grants/scopes.ts';
import { accountHandler } from '../../../src/provider/account/routes.ts';
import { authorizeLink, shellSnippet } from '../../../src/provider/pages/applications/snippet.ts';
import { startAuthority, type TestAuthority } from '../../support/authority.ts';
import { onDatabase } from '../../support/databases.ts';
import { visitorOf } from './visits.ts';

/** A catalogue in which only developers may register applications. */
const catalogue: ScopeCatalogue = new Map([
  ['applications', { description: 'Register applications', roles: ['developer'] }],
]);

onDatabase('SQLite', (database) => {
  describe('the pages about own applications, for an account that may not register any', () => {
    let server: TestAuthority;
    const narrow = createServer();
    before(async () => {
      server = await startAuthority(database);
      const account = accountHandler({ ...server.common, issuer: server.url, catalogue });
      narrow.on('request', (request, response) => void account(request, response));
      await new Promise<void>((resolve) => narrow.listen(0, '127.0.0.1', resolve));
    });
    after(async () => {
      narrow.close();
      narrow.closeAllConnections();
      await server.dispose();
    });

    it('are not found, and neither is a form', async () => {
      const one = await visitorOf(server, undefined, `http://127.0.0.1:${(narrow.address() as AddressInfo).port}`);
      const page = await one.open();
      assert.match(page.html, /Your account/);
      assert.doesNotMatch(page.html, /applications\/new/);
      for (const path of ['', '/new', `/${'0'.repeat(24)}`]) {
        assert.equal((await one.open(`/applications${path}`)).response.status, 404);
      }
      const forged = { ...page, html: page.html.replace('/account/sign-out"', '/account/applications/new"') };
      const fields = { name: 'Shop', kind: 'server', redirect_uris: 'https://app.example/' };
      assert.equal((await one.person.submit(forged, 'new', fields)).status, 404);
      assert.equal((await server.store.selectFrom('applications').selectAll().execute()).length, 1);
      assert.equal((await one.person.submit(forged, 'new', { ...fields, form_token: '' })).status, 400);
    });
  });
});

describe('the authorize link of an application', () => {
  const application = {
    id: '0'.repeat(24),
    name: 'Shop',
    tokenEndpointAuthMethod: 'client_secret_basic',
    applicationType: 'web',
    redirectUris: ["https://app.example/cb?a=1&b='*"],
    scopes: null,
    registeredBy: null,
    createdAt: 0,
    grantTypes: ['authorization_code'],
    keys: null,
    dpopBoundAccessTokens: false,
    requirePushedAuthorizationRequests: false,
    postLogoutRedirectUris: [],
    selfRegistered: null,
  } as const;
  const parts = {
    application,
    hasSecret: true,
    authorizationEndpoint: 'https://a.example/authorize',
    tokenEndpoint: 'https://a.example/token',
  };
  const scope = (name: string, api: string | null) => ({ name, description: '…', api });

  it('names the scopes of one API, and its resource indicator if it is another API', () => {
    const own = [scope('stock:read', 'https://stock.example/'), scope('profile', null), scope("o'rders*", null)];
    const link = new URL(authorizeLink({ ...parts, scopes: own }));
    assert.equal(link.searchParams.get('scope'), "profile o'rders*");
    assert.equal(link.searchParams.get('resource'), null);
    assert.equal(link.searchParams.get('redirect_uri'), application.redirectUris[0]);
    const foreign = { ...parts, scopes: own.slice(0, 1) };
    assert.equal(new URL(authorizeLink(foreign)).searchParams.get('resource'), 'https://stock.example/');
    assert.match(shellSnippet(foreign), /-d resource=https%3A%2F%2Fstock\.example%2F \\\n/);
    assert.equal(new URL(authorizeLink({ ...parts, scopes: [] })).searchParams.get('scope'), 'openid');
  });

  it('holds no character that a shell reads', () => {
    for (const text of [
      authorizeLink({ ...parts, scopes: [] }),
      shellSnippet({ ...parts, scopes: [scope("a'$(id)`*", null)] }),
    ]) {
      assert.doesNotMatch(text, /'\$\(id\)|\$\(id\)|`|cb\?/);
    }
  });
});
