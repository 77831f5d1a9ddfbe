import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorizeAddress, codeForm, requestCode } from '../../support/client.ts';
import { startAuthority, type TestAuthority } from '../../support/authority.ts';
import { onDatabaseOrEach } from '../../support/databases.ts';
import { Person } from '../../support/person.ts';
import { admin } from '../../support/server.ts';

const apis = Array.from({ length: 12 }, (_, index) => `https://api${index}.example/`);
const [billing = ''] = apis;

onDatabaseOrEach('SQLite', (database) => {
  describe('F-6 repeated parameters', () => {
    let authority: TestAuthority;
    let client: Record<string, string>;
    before(async () => {
      authority = await startAuthority(database, { resources: apis.map((audience) => ({ audience })) });
      const { application, clientSecret } = await authority.register({});
      client = { client_id: application.id, client_secret: clientSecret ?? '' };
    });
    after(() => authority.dispose());

    /**
     * Posts a form with additional parameters.
     * @returns the answer, and the number of database statements
     */
    async function post(
      path: string,
      fields: Record<string, string>,
      more: readonly (readonly [string, string])[] = [],
    ) {
      const body = new URLSearchParams([
        ...Object.entries(fields),
        ...more.map(([name, value]) => [name, value] as [string, string]),
      ]);
      const from = authority.statements();
      const response = await fetch(authority.url + path, { method: 'POST', body, redirect: 'manual' });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, statements: authority.statements() - from };
    }
    const request = () => ({
      ...client,
      response_type: 'code',
      redirect_uri: 'https://app.example/callback',
      scope: 'openid profile',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const repeated = (values: readonly string[], count: number) =>
      Array.from({ length: count }, (_, index) => ['resource', values[index % values.length] ?? ''] as const);

    for (const [what, path, fields] of [
      ['a pushed request', '/oauth/par', request],
      ['client credentials', '/oauth/token', () => ({ ...client, grant_type: 'client_credentials' })],
    ] as const) {
      it(`F-6 ${what} that repeats one resource costs no more than without the repetition`, async () => {
        if (path === '/oauth/token') {
          await authority.store
            .updateTable('applications')
            .set({ grant_types: '["authorization_code","refresh_token","client_credentials"]' })
            .where('id', '=', client['client_id'] ?? '')
            .execute();
        }
        const one = await post(path, fields(), repeated([billing], 1));
        const many = await post(path, fields(), repeated([billing], 900));
        assert.equal(many.status, one.status, many.text);
        assert.ok(one.status < 300, one.text);
        assert.ok(many.statements <= one.statements, `${many.statements} statements and not ${one.statements}`);
      });

      it(`F-6 ${what} with 10,000 resources, or with more than 10 different ones, is refused before any is looked up`, async () => {
        for (const values of [Array.from({ length: 11 }, (_, index) => `https://x${index}.example/`), apis]) {
          const { status, text, statements } = await post(path, fields(), repeated(values, 900));
          assert.equal(status, 400);
          assert.match(text, /"invalid_target"[^]*at most 10 different values of resource/);
          assert.ok(statements <= 5, `${statements} statements`);
        }
        const { status, statements } = await post(path, fields(), repeated([billing], 10_000));
        assert.ok(status === 413, String(status));
        assert.equal(statements, 0);
      });
    }

    it('F-6 the exchange of a code and a refresh look up a repeated resource once', async () => {
      const { input } = await requestCode(authority.url, { scope: 'profile' });
      const audience = `${authority.url}/graphql`;
      const tokens = await post('/oauth/token', codeForm(input), repeated([audience], 900));
      assert.equal(tokens.status, 200, tokens.text);
      assert.ok(tokens.statements < 60, `${tokens.statements} statements`);
      const { refresh_token: token } = JSON.parse(tokens.text);
      const fields = { grant_type: 'refresh_token', client_id: 'claimgate', refresh_token: String(token) };
      const renewed = await post('/oauth/token', fields, repeated([audience], 900));
      assert.equal(renewed.status, 200, renewed.text);
      assert.ok(renewed.statements < 60, `${renewed.statements} statements`);
    });

    it('F-6 the authorization endpoint uses and stores each resource once', async () => {
      const kept = async () => {
        const rows = await authority.store
          .selectFrom('artifacts')
          .select('payload')
          .where('model', '=', 'Interaction')
          .execute();
        await authority.store.deleteFrom('artifacts').where('model', '=', 'Interaction').execute();
        return rows.map(({ payload }) => JSON.parse(payload).params.resource);
      };
      await kept();
      const fields = {
        client_id: client['client_id'] ?? '',
        redirect_uri: 'https://app.example/callback',
        scope: 'openid',
      };
      const address = `${authorizeAddress(authority.url, fields)}${`&resource=${encodeURIComponent(billing)}`.repeat(300)}`;
      const got = await fetch(address, { redirect: 'manual' });
      assert.equal(got.status, 303);
      assert.deepEqual(await kept(), [billing]);
      assert.equal((await post('/oauth/authorize', request())).status, 405, 'there is no POST');
    });

    for (const [name, most, code] of [
      ['scope', 106, 'invalid_scope'],
      ['prompt', 10, 'invalid_request'],
      ['acr_values', 20, 'invalid_request'],
      ['ui_locales', 20, 'invalid_request'],
      ['claims_locales', 20, 'invalid_request'],
    ] as const) {
      it(`F-6 ${name}: a repeated word counts once, and more than ${most} words are refused`, async () => {
        const words = (count: number) =>
          Array.from({ length: count }, (_, index) => `w${index.toString(36)}`).join(' ');
        const more = await post('/oauth/par', { ...request(), scope: 'openid profile', [name]: words(8_000) });
        assert.equal(more.status, 400);
        assert.match(more.text, new RegExp(`"${code}"[^]*at most ${most} different words in ${name}`));
        const known: Record<string, string> = {
          scope: 'profile',
          prompt: 'consent',
          acr_values: 'urn:claimgate:acr:pwd',
        };
        const same = Array.from({ length: 2_000 }, () => known[name] ?? 'en').join(' ');
        const once = await post('/oauth/par', { ...request(), scope: 'openid profile', [name]: same });
        assert.equal(once.status, 201, once.text);
      });
    }

    it('F-6 every other repeated parameter is refused, and `claims` is not supported', async () => {
      for (const name of ['scope', 'state', 'nonce', 'prompt', 'redirect_uri', 'client_id']) {
        const more = Array.from({ length: 900 }, () => [name, 'x'] as const);
        const { status, text } = await post('/oauth/par', request(), more);
        assert.equal(status, 400, name);
        assert.match(text, /"invalid_request"/);
      }
      const { status } = await post('/oauth/par', { ...request(), claims: '{"id_token":'.repeat(2_000) });
      assert.equal(status, 201);
    });

    it('F-6 the authorization endpoint reports a refusal to the application, and stores nothing', async () => {
      const address = authorizeAddress(authority.url, {
        scope: Array.from({ length: 200 }, (_, index) => `a${index}`).join(' '),
      });
      const { url } = await new Person().follow(await fetch(address, { redirect: 'manual' }), authority.url);
      assert.equal(new URL(url).searchParams.get('error'), 'invalid_scope');
      assert.deepEqual(authority.faults, []);
    });

    it('F-6 another account signs in for the same resources', async () => {
      const person = new Person();
      const fields = {
        client_id: client['client_id'] ?? '',
        redirect_uri: 'https://app.example/callback',
        scope: 'openid',
      };
      const resources = [`${authority.url}/graphql`, billing];
      const query = resources.map((resource) => `&resource=${encodeURIComponent(resource)}`).join('');
      const address = authorizeAddress(authority.url, fields) + query;
      const page = await person.follow(await person.get(address), authority.url);
      const consent = await person.follow(
        await person.submit(page, 'sign-in', { ...admin, decision: 'sign-in' }),
        authority.url,
      );
      const other = await person.submit(consent, 'switch', {});
      const asked = new URL(other.headers.get('location') ?? '', authority.url).searchParams.getAll('resource');
      assert.deepEqual(asked, resources);
    });
  });

  describe('F-6 the size of bodies', () => {
    let authority: TestAuthority;
    before(async () => {
      authority = await startAuthority(database);
    });
    after(() => authority.dispose());

    for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/introspect', '/oauth/par', '/oauth/logout/confirm']) {
      it(`F-6 ${path} accepts 57,344 bytes, and answers 413 to more, with and without a length`, async () => {
        const post = async (body: string | ReadableStream) => {
          const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
          const response = await fetch(authority.url + path, {
            method: 'POST',
            headers,
            body,
            duplex: 'half',
            redirect: 'manual',
          });
          return { status: response.status, text: await response.text() };
        };
        const from = authority.statements();
        const endless = () => {
          let sent = 0;
          return new ReadableStream({
            pull(controller) {
              sent += 1;
              if (sent > 60) controller.close();
              else controller.enqueue(Buffer.alloc(1_000, 'a'));
            },
          });
        };
        for (const body of [`a=${'x'.repeat(57_343)}`, endless()]) {
          const { status, text } = await post(body);
          assert.equal(status, 413, text);
          assert.match(text, /up to 57344 bytes/);
        }
        assert.ok(authority.statements() - from <= 2);
        const { status } = await post(`a=${'x'.repeat(57_342)}`);
        assert.notEqual(status, 413);
      });
    }
  });
});
