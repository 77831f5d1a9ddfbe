import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { rememberedOrigin } from '../../src/identity/applications/redirect-uris.ts';
import { authorizeAddress, query, registerApplication, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { admin, startTestServer, type TestServer, withStore } from '../support/server.ts';

const app = 'https://app.example/callback';
const uris = [app, 'https://app.example/other', 'https://other.example/callback', 'https://app.example:8443/callback'];

describe('F-2 the origin for which consent is remembered', () => {
  for (const uri of [
    'http://app.example/',
    'http://127.0.0.1/callback',
    'https://127.0.0.1/callback',
    'https://127.8.9.10:8443/callback',
    'https://0x7f.1/callback',
    'https://2130706433/callback',
    'https://0.0.0.0/callback',
    'https://localhost/callback',
    'https://LOCALHOST.:8443/callback',
    'https://app.localhost/callback',
    'https://[::1]/callback',
    'https://[::]/callback',
    'https://[::ffff:127.0.0.1]/callback',
    'https://[::127.0.0.1]/callback',
    'com.example.app:/callback',
    'not a URI',
  ]) {
    it(`F-2 ${uri} has none`, () => assert.equal(rememberedOrigin(uri), null));
  }

  it('F-2 the origin is scheme, host and port', () => {
    assert.equal(rememberedOrigin('https://APP.example:443/a?b'), 'https://app.example');
    assert.equal(rememberedOrigin('https://app.example:8443/a'), 'https://app.example:8443');
    assert.equal(rememberedOrigin('https://[2001:db8::1]/a'), 'https://[2001:db8::1]');
    assert.equal(rememberedOrigin('https://8.8.8.8/a'), 'https://8.8.8.8');
  });
});

onDatabaseOrEach('SQLite', (database) => {
  let server: TestServer;
  let token: string;
  before(async () => {
    server = await startTestServer({ database });
    ({ accessToken: token } = await signInFor(server.url, { scope: 'applications accounts' }));
  });
  after(() => server.dispose());

  type Application = Awaited<ReturnType<typeof registerApplication>>;
  type Page = Awaited<ReturnType<Person['follow']>>;

  async function ask(
    person: Person,
    { clientId }: Application,
    redirectUri = app,
    parameters: Record<string, string> = {},
  ): Promise<Page> {
    const request = { client_id: clientId, redirect_uri: redirectUri, ...parameters };
    return person.follow(await person.get(authorizeAddress(server.url, request)), server.url);
  }

  /** Makes a person who has allowed the application once, at the first of its redirect URIs. */
  async function whoAllowed(application: Application, redirectUri = app): Promise<Person> {
    const person = new Person();
    const signIn = await ask(person, application, redirectUri);
    const fields = { ...admin, decision: 'sign-in' };
    const consent = await person.follow(await person.submit(signIn, 'sign-in', fields), server.url);
    const { url } = await person.follow(await person.submit(consent, 'consent', { decision: 'allow' }), server.url);
    assert.ok(new URL(url).searchParams.get('code'), url);
    return person;
  }

  const isRemembered = ({ url, html }: Page) => {
    if (html.includes('/consent"')) return false;
    assert.ok(new URL(url).searchParams.get('code'), html);
    return true;
  };

  const change = async ({ clientId }: Application, changes: Record<string, unknown>) => {
    const found = await query(server.url, 'query ($id: String!) { application(clientId: $id) { id } }', {
      token,
      variables: { id: clientId },
    });
    const { body } = await query(
      server.url,
      'mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) { application { id } } }',
      { token, variables: { input: { id: found.body.data.application.id, ...changes } } },
    );
    assert.equal(body.errors, undefined, JSON.stringify(body));
  };

  it('F-2 consent is remembered for the origin that the person saw and for no other', async () => {
    const shop = await registerApplication(server.url, token, { redirectUris: uris });
    const person = await whoAllowed(shop);
    assert.ok(isRemembered(await ask(person, shop)));
    assert.ok(isRemembered(await ask(person, shop, 'https://app.example/other')));
    for (const elsewhere of ['https://other.example/callback', 'https://app.example:8443/callback']) {
      assert.ok(!isRemembered(await ask(person, shop, elsewhere)), elsewhere);
      const { url } = await ask(person, shop, elsewhere, { prompt: 'none' });
      assert.equal(new URL(url).searchParams.get('error'), 'consent_required');
    }
  });

  for (const [what, away, back] of [
    ['a redirect URI more', { redirectUris: [...uris, 'https://evil.example/'] }, { redirectUris: uris }],
    ['a redirect URI less', { redirectUris: uris.slice(0, 2) }, { redirectUris: uris }],
    ['another name', { name: 'Other' }, { name: 'Example' }],
  ] as const) {
    it(`F-2 ${what} ends remembered consent, and undoing the change does not restore it`, async () => {
      const shop = await registerApplication(server.url, token, { redirectUris: uris });
      const person = await whoAllowed(shop);
      await change(shop, away);
      assert.ok(!isRemembered(await ask(person, shop)));
      await change(shop, back);
      assert.ok(!isRemembered(await ask(person, shop)));
    });
  }

  it('F-2 consent stays remembered if a change does not concern the consent page, or sets the same values', async () => {
    const shop = await registerApplication(server.url, token, { redirectUris: uris });
    const person = await whoAllowed(shop);
    await change(shop, { postLogoutRedirectUris: ['https://app.example/bye'] });
    await change(shop, { name: 'Example', redirectUris: uris });
    assert.ok(isRemembered(await ask(person, shop)));
  });

  it('F-2 consent to scopes that an administrator adds is asked for', async () => {
    const shop = await registerApplication(server.url, token, { redirectUris: uris });
    const person = await whoAllowed(shop);
    await change(shop, { scopes: ['profile', 'grants', 'accounts'] });
    assert.ok(isRemembered(await ask(person, shop)));
    const { html } = await ask(person, shop, app, { scope: 'profile accounts' });
    assert.match(html, /will be able to:<\/p><ul><li>[^<]* <code>accounts<\/code><\/li><\/ul>/);
  });

  for (const [column, value] of [
    ['token_endpoint_auth_method', 'client_secret_post'],
    ['token_endpoint_auth_method', 'none'],
    ['application_type', 'native'],
    ['redirect_uris', JSON.stringify([app])],
  ] as const) {
    it(`F-2 a ${column} of ${value} ends remembered consent, even if it is written directly to the database`, async () => {
      const shop = await registerApplication(server.url, token, { redirectUris: uris });
      const person = await whoAllowed(shop);
      await withStore(server, (store) =>
        store
          .updateTable('applications')
          .set({ [column]: value })
          .where('id', '=', shop.clientId)
          .execute(),
      );
      assert.ok(!isRemembered(await ask(person, shop)));
    });
  }

  for (const redirectUri of ['https://localhost:8443/callback', 'https://127.0.0.1/callback']) {
    it(`F-2 consent is not remembered for ${redirectUri}, with or without a client secret`, async () => {
      const local = await registerApplication(server.url, token, { redirectUris: [redirectUri] });
      const person = await whoAllowed(local, redirectUri);
      assert.ok(!isRemembered(await ask(person, local, redirectUri)));
    });
  }

  it('F-2 the consent page is shown again if the application has changed, and leads nowhere if its redirect URI was removed', async () => {
    const shop = await registerApplication(server.url, token, { redirectUris: uris });
    const person = await whoAllowed(shop);
    const page = await ask(person, shop, app, { prompt: 'consent' });
    await change(shop, { name: 'Claimed' });
    const again = await person.submit(page, 'consent', { decision: 'allow' });
    const html = await again.text();
    assert.equal(again.status, 200);
    assert.match(html, /Allow Claimed\?/);
    await change(shop, { redirectUris: ['https://elsewhere.example/'] });
    for (const decision of ['allow', 'deny']) {
      const gone = await person.submit({ ...page, html }, 'consent', { decision });
      assert.deepEqual([gone.status, gone.headers.get('location')], [400, null]);
    }
  });
});
