import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startAuthority, type TestAuthority } from '../../support/authority.ts';
import { authorizeAddress } from '../../support/client.ts';
import { onDatabaseOrEach } from '../../support/databases.ts';
import { authorize, Person } from '../../support/person.ts';
import { admin } from '../../support/server.ts';

const redirectUri = 'https://phish.example/login';
const registration = {
  name: 'Your <bank>',
  redirectUris: [redirectUri],
  postLogoutRedirectUris: ['https://phish.example/bye'],
  registeredBy: null,
  grantTypes: ['authorization_code', 'refresh_token'],
} as const;

onDatabaseOrEach('SQLite', (database) => {
  describe('F-9 an application that registered itself without a token', () => {
    let authority: TestAuthority;
    let open: { readonly client_id: string; readonly redirect_uri: string };
    let strict: typeof open;
    let known: typeof open;
    let signedIn: Person;
    before(async () => {
      authority = await startAuthority(database);
      const add = async (changes: Parameters<TestAuthority['register']>[0]) => {
        const { application } = await authority.register({ ...registration, ...changes });
        return { client_id: application.id, redirect_uri: redirectUri };
      };
      open = await add({ selfRegistered: 'open' });
      strict = await add({ selfRegistered: 'open', requirePushedAuthorizationRequests: true });
      known = await add({ selfRegistered: 'token' });
      signedIn = new Person();
      await authorize(new URL(authorizeAddress(authority.url, known)), { person: signedIn });
    });
    after(() => authority.dispose());

    const ask = async (request: Record<string, string>, person = new Person()) =>
      person.follow(await person.get(authorizeAddress(authority.url, request)), authority.url);

    /**
     * Asserts that the answer is one of our pages, that it names the application and its host, and that it sends the
     * browser nowhere without a click.
     */
    const assertPage = async ({ url, html, response }: Awaited<ReturnType<typeof ask>>, error: string) => {
      assert.ok(url.startsWith(`${authority.url}/`), url);
      assert.equal(response.headers.get('location'), null);
      assert.equal(response.headers.get('refresh'), null);
      assert.doesNotMatch(html, /<script|http-equiv/);
      assert.match(html, /calls itself <strong>Your &#60;bank&#62;<\/strong>/);
      assert.match(html, new RegExp(`<code>${error}</code>`));
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'.*form-action 'self';/);
    };

    const ways: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
      'prompt=none without a signed-in person': [{ prompt: 'none' }, 'login_required'],
      'an unsupported response type': [{ response_type: 'token' }, 'unsupported_response_type'],
      'an unsupported response mode': [{ response_mode: 'web_message' }, 'unsupported_response_mode'],
      'a scope with a forbidden character': [{ scope: 'a"b' }, 'invalid_scope'],
      'too many scopes': [{ scope: Array.from({ length: 200 }, (_, index) => `s${index}`).join(' ') }, 'invalid_scope'],
      'no PKCE': [{ code_challenge: '' }, 'invalid_request'],
      'plain PKCE': [{ code_challenge_method: 'plain' }, 'invalid_request'],
      'a request object': [{ request: 'e30.e30.' }, 'request_not_supported'],
      'a request URI': [{ request_uri: 'https://phish.example/request' }, 'request_uri_not_supported'],
      'a registration': [{ registration: '{}' }, 'registration_not_supported'],
      'an unknown prompt': [{ prompt: 'create' }, 'invalid_request'],
      'prompt=none with another': [{ prompt: 'none login' }, 'invalid_request'],
      'another API': [{ resource: 'https://elsewhere.example/' }, 'invalid_target'],
      'an impossible max_age': [{ scope: 'openid', max_age: '-1' }, 'invalid_request'],
      'a hint that is not an ID token': [{ scope: 'openid', id_token_hint: 'x' }, 'invalid_request'],
      'an acr value that no sign-in has': [
        { scope: 'openid', acr_values: 'none' },
        'unmet_authentication_requirements',
      ],
    };
    for (const [what, [changes, error]] of Object.entries(ways)) {
      for (const mode of ['', 'query', 'fragment', 'form_post']) {
        it(`F-9 ${what} ends on a page${mode && `, also by response_mode=${mode}`}`, async () => {
          const request = { ...open, ...(mode && { response_mode: mode }), ...changes };
          const answer = await ask(request);
          // If a request has two faults, the library reports the first one.
          const isOther = mode === 'query' && 'response_type' in changes;
          await assertPage(answer, isOther ? 'invalid_request' : error);
          if (mode !== 'form_post' || 'response_mode' in changes) {
            assert.match(
              answer.html,
              /<dd>phish\.example<\/dd>[^]*href="https:\/\/phish\.example\/login[?#][^"]*error=/,
            );
          }
        });
      }
    }

    it('F-9 prompt=none ends on a page for a signed-in person too, and consent is not remembered', async () => {
      await assertPage(await ask({ ...open, prompt: 'none' }, signedIn), 'consent_required');
      const first = await authorize(new URL(authorizeAddress(authority.url, open)), { person: signedIn });
      assert.ok(first.searchParams.get('code'));
      await assertPage(await ask({ ...open, prompt: 'none' }, signedIn), 'consent_required');
      const { html } = await ask(open, signedIn);
      assert.match(html, /registered itself[^]*<dd>phish\.example<\/dd>/);
    });

    it('F-9 a cancelled sign-in ends on a page; a denial on the consent page, which names the host, redirects', async () => {
      const person = new Person();
      const page = await ask(open, person);
      const cancelled = await person.follow(
        await person.submit(page, 'sign-in', { email: 'x', password: 'x', decision: 'cancel' }),
        authority.url,
      );
      await assertPage(cancelled, 'access_denied');
      const denied = await authorize(new URL(authorizeAddress(authority.url, open)), { decision: 'deny' });
      assert.deepEqual([denied.host, denied.searchParams.get('error')], ['phish.example', 'access_denied']);
    });

    it('F-9 a request that had to be pushed ends on a page', async () => {
      await assertPage(await ask(strict), 'invalid_request');
    });

    it('F-9 signing out shows a page that names the application and the host, signed in or not', async () => {
      const address = `${authority.url}/oauth/logout?${new URLSearchParams({
        client_id: open.client_id,
        post_logout_redirect_uri: registration.postLogoutRedirectUris[0],
      }).toString()}`;
      for (const person of [new Person(), signedIn]) {
        const { response, html, url } = await person.follow(await person.get(address), authority.url);
        assert.ok(url.startsWith(authority.url));
        assert.equal(response.status, 200);
        assert.doesNotMatch(html, /<script/);
        assert.match(html, /Your &#60;bank&#62;[^]*<dd>phish\.example<\/dd>/);
      }
    });

    it('F-9 an application without a record of how it registered itself is treated in the same way', async () => {
      const { application } = await authority.register({ ...registration, selfRegistered: null });
      await assertPage(
        await ask({ client_id: application.id, redirect_uri: redirectUri, prompt: 'none' }),
        'login_required',
      );
    });

    it('F-9 redirects still go to applications that a person or the initial access token registered', async () => {
      const own = await authority.register({ redirectUris: [redirectUri] });
      for (const client of [known, { client_id: own.application.id, redirect_uri: redirectUri }]) {
        const { url } = await ask({ ...client, prompt: 'none' });
        assert.deepEqual(
          [new URL(url).host, new URL(url).searchParams.get('error')],
          ['phish.example', 'login_required'],
        );
      }
      assert.equal(admin.email, 'ada@example.com');
      assert.deepEqual(authority.faults, []);
    });
  });
});
