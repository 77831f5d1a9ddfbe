import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { createAccount } from '../../../src/identity/accounts/accounts.ts';
import { registerApplication } from '../../../src/identity/applications/applications.ts';
import { createAttempts } from '../../../src/identity/attempts/attempts.ts';
import { defaultAttemptLimits } from '../../../src/identity/attempts/limits.ts';
import { hashPassword } from '../../../src/identity/accounts/password-hash.ts';
import { shippedScopes } from '../../../src/identity/grants/scopes.ts';
import { newSigningKey } from '../../../src/identity/keys/signing-keys.ts';
import { interactionHandler } from '../../../src/provider/sign-in/interactions.ts';
import { html } from '../../../src/provider/pages/html.ts';
import { sendPage } from '../../../src/provider/pages/page.ts';
import { passwordFactor } from '../../../src/provider/sign-in/password.ts';
import { createProvider } from '../../../src/provider/provider.ts';
import { type Factor, formOf } from '../../../src/provider/sign-in/step.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Store } from '../../../src/store/tables.ts';
import { authorizeAddress } from '../../support/client.ts';
import { onDatabaseOrEach, type TestDatabase } from '../../support/databases.ts';
import { plainFrame } from '../../support/frame.ts';
import { Person } from '../../support/person.ts';

/** A second factor that an integrator could write: an agreed word. */
const word: Factor = {
  name: 'word',
  amr: 'kba',
  async show(step, proven) {
    const { path, formToken } = formOf(step, 'login');
    const body = html`<h1>Your word</h1><p>${proven?.email ?? 'nobody'}</p><form method="post" action="${path}/word"><input type="hidden" name="form_token" value="${formToken}"></form>`;
    sendPage(step.response, step.options.frame, { title: 'Your word', body });
  },
  async judge(step, form, proven) {
    if (form.get('word') === 'xyzzy') return proven;
    await word.show(step, proven);
    return null;
  },
};

const account = { email: 'ada@example.com', password: 'correct horse battery' };
/** From RFC 7636 appendix B. `authorizeAddress` sends its challenge. */
const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

onDatabaseOrEach('SQLite', (kind) => {
  describe('a sign-in that takes two factors', () => {
    let database: TestDatabase;
    let store: Store;
    let server: Server;
    let url: string;

    before(async () => {
      database = await kind.create();
      store = await openDatabase(database.url);
      const now = Date.now();
      const passwordHash = await hashPassword(account.password);
      await createAccount(store, { email: account.email, passwordHash, roles: [] }, now);
      const application = {
        name: 'App',
        tokenEndpointAuthMethod: 'none',
        applicationType: 'native',
        redirectUris: ['http://127.0.0.1/callback'],
        scopes: null,
        registeredBy: null,
      } as const;
      await registerApplication(store, application, now, 'claimgate');
      server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const common = {
        frame: plainFrame,
        store,
        attempts: createAttempts({ store, now: Date.now, limits: defaultAttemptLimits }),
        factors: [passwordFactor, word],
        catalogue: new Map(Object.entries(shippedScopes)),
        audience: `${url}/graphql`,
        now: Date.now,
        onFault: (error: Error) => {
          throw error;
        },
      };
      const cookieKey = randomBytes(32).toString('base64url');
      const provider = createProvider({
        ...common,
        issuer: url,
        resources: [],
        proofs: { algorithms: ['ES256'], nonceSecret: null },
        lifetimes: { code: 60, access: 600, refresh: 3_600, grace: 10 },
        keys: [await newSigningKey('ES256', now)],
        markSecret: randomBytes(32),
        cookieKey,
      });
      const pages = interactionHandler({ ...common, provider, formKey: cookieKey });
      const library = provider.callback();
      server.on('request', (request, response) =>
        request.url?.startsWith('/interaction/') ? void pages(request, response) : void library(request, response),
      );
    });
    after(async () => {
      server.closeAllConnections();
      server.close();
      await store.destroy();
      await database.drop();
    });

    const begin = async (person: Person) =>
      person.follow(await person.get(authorizeAddress(url, { scope: 'openid profile' })), url);
    const submit = async (
      person: Person,
      page: Awaited<ReturnType<typeof begin>>,
      action: string,
      fields: Record<string, string>,
    ) => person.follow(await person.submit(page, action, fields), url);

    it('asks for them in order, and signs the person in after the last one', async () => {
      const person = new Person();
      const first = await begin(person);
      assert.match(first.html, /<h1>Sign in<\/h1>/);
      const second = await submit(person, first, 'sign-in', account);
      assert.match(second.html, /Your word[^]*ada@example\.com/);
      const wrong = await submit(person, second, 'word', { word: 'plugh' });
      assert.match(wrong.html, /<h1>Your word<\/h1>/);
      const consent = await submit(person, wrong, 'word', { word: 'xyzzy' });
      assert.match(consent.html, /Allow the Claimgate command line\?/);
      const { url: callback } = await submit(person, consent, 'consent', { decision: 'allow' });
      const code = new URL(callback).searchParams.get('code') ?? '';
      const response = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'claimgate',
          redirect_uri: 'http://127.0.0.1:5555/callback',
          code,
          code_verifier: codeVerifier,
        }),
      });
      const tokens = (await response.json()) as { access_token: string };
      assert.equal(decodeJwt(tokens.access_token)['acr'], 'urn:claimgate:acr:pwd+kba');
    });

    it('does not succeed with the first factor alone: not by going on, by going back, or by the second without the first', async () => {
      const person = new Person();
      const first = await begin(person);
      const skipped = await submit(person, { ...first, html: first.html.replace('/sign-in"', '/word"') }, 'word', {
        word: 'xyzzy',
      });
      assert.match(skipped.html, /<h1>Sign in<\/h1>/);
      const second = await submit(person, first, 'sign-in', account);
      assert.match(second.html, /<h1>Your word<\/h1>/);
      // Sending the password a second time does not skip the second factor.
      const again = await submit(person, first, 'sign-in', account);
      assert.match(again.html, /<h1>Your word<\/h1>/);
      const uid = new URL(second.url).pathname.split('/').at(-1);
      const resumed = await person.follow(await person.get(`${url}/oauth/authorize/${uid}`), url);
      assert.match(resumed.html, /<h1>Sign in<\/h1>/);
      const none = await person.follow(
        await person.get(authorizeAddress(url, { scope: 'openid profile', prompt: 'none' })),
        url,
      );
      assert.equal(new URL(none.url).searchParams.get('error'), 'login_required');
    });
  });
});
