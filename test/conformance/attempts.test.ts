import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import {
  authorizeAddress,
  codeForm,
  query,
  refreshMutation,
  registerApplication,
  requestCode,
  revokeMutation,
  signInFor,
} from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import {
  addPerson,
  admin,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  withStore,
} from '../support/server.ts';

onEachDatabase((database) => {
  /** Two processes on one database, behind a trusted proxy on this machine. */
  let first: TestServer;
  let second: TestServer;
  /** A third process, which trusts no proxy. */
  let untrusting: TestServer;
  let shop: { clientId: string; clientSecret: string; redirectUri: string };

  /** All servers, in the order in which they started. */
  const started: TestServer[] = [];
  async function start(options: TestServerOptions): Promise<TestServer> {
    const server = await startTestServer(options);
    started.push(server);
    return server;
  }

  before(async () => {
    const env = { CLAIMGATE_TRUSTED_PROXIES: 'loopback' };
    first = await start({ env, database });
    second = await start({ env, beside: first });
    untrusting = await start({ beside: first });
    const { accessToken } = await signInFor(first.url, { scope: 'applications' });
    shop = await registerApplication(first.url, accessToken);
  });
  after(async () => {
    for (const server of started.toReversed()) await server.dispose();
  });

  /** Opens the sign-in page, fills it in, and submits it from this address. */
  async function tryPassword(
    server: TestServer,
    address: string,
    { email, password }: { email: string; password: string },
  ): Promise<{ status: number; retryAfter: string | null; html: string }> {
    const person = new Person();
    const page = await person.follow(await person.get(authorizeAddress(server.url)), server.url);
    const fields = { email, password, decision: 'sign-in' };
    const answer = await person.submit(page, 'sign-in', fields, { 'x-forwarded-for': address });
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), html: await answer.text() };
  }

  function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
  }

  function countOf(answers: readonly { status: number }[], status: number): number {
    return answers.filter((answer) => answer.status === status).length;
  }

  /** Prevents every other connection from counting attempts while the work runs. */
  function whileNothingIsTaken<T>(server: TestServer, work: () => Promise<T>): Promise<T> {
    return withStore(server, (store) =>
      // On SQLite, BEGIN IMMEDIATE prevents every other write.
      store.transaction().execute(async (transaction) => {
        if (database.name === 'PostgreSQL') await sql`lock table rate_limits`.execute(transaction);
        return work();
      }),
    );
  }

  const wrong = 'no such password';

  describe('C-9 guessing at the sign-in page', () => {
    it('two processes check ten of 50 parallel wrong passwords, and then refuse also the right one', async () => {
      const { email, password } = await addPerson(first, 'parallel@example.com');
      const answers = await times(50, (index) =>
        tryPassword(index % 2 === 0 ? first : second, '203.0.113.1', { email, password: wrong }),
      );
      assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [10, 40]);
      for (const server of [first, second]) {
        assert.equal((await tryPassword(server, '203.0.113.1', { email, password })).status, 429);
      }
      assert.equal((await tryPassword(second, '203.0.113.2', { email, password })).status, 303);
    });

    it('a right password is not counted, and resets the limit of the account', async () => {
      const { email, password } = await addPerson(first, 'clumsy@example.com');
      const answers = [];
      for (let round = 0; round < 3; round += 1) {
        for (let index = 0; index < 9; index += 1) {
          answers.push(await tryPassword(first, '203.0.113.3', { email, password: wrong }));
        }
        answers.push(await tryPassword(second, '203.0.113.3', { email, password }));
      }
      assert.deepEqual([countOf(answers, 401), countOf(answers, 303)], [27, 3]);
    });

    it('a forged address does not reset the counter; an address from a trusted proxy has its own', async () => {
      const { email } = await addPerson(first, 'forged@example.com');
      const guess = (server: TestServer) => (index: number) =>
        tryPassword(server, `203.0.113.${index + 100}`, { email, password: wrong });
      const forged = await times(15, guess(untrusting));
      assert.deepEqual([countOf(forged, 401), countOf(forged, 429)], [10, 5]);
      assert.equal(countOf(await times(15, guess(first)), 401), 15);
      // The client's own value stands before the value that the proxy added.
      const prefixed = await times(15, (index) =>
        tryPassword(first, `203.0.113.${index + 150}, 203.0.113.4`, { email, password: wrong }),
      );
      assert.deepEqual([countOf(prefixed, 401), countOf(prefixed, 429)], [10, 5]);
    });

    it('all addresses of an IPv6 /64 share one counter', async () => {
      const { email } = await addPerson(first, 'six@example.com');
      const answers = await times(15, (index) =>
        tryPassword(first, `2001:db8:1:2:${index}::1`, { email, password: wrong }),
      );
      assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [10, 5]);
      assert.equal((await tryPassword(first, '2001:db8:1:3::1', { email, password: wrong })).status, 401);
    });

    it('F-10 every spelling of an address shares one counter', async () => {
      const { email } = await addPerson(first, 'forms@example.com');
      const forms = [
        '203.0.113.77',
        '203.0.113.77:4711',
        '::ffff:203.0.113.77',
        '[::ffff:203.0.113.77]:4711',
        '::FFFF:CB00:714D',
        '64:ff9b::cb00:714d',
      ];
      const answers = await times(15, (index) =>
        tryPassword(first, forms[index % forms.length] ?? '', { email, password: wrong }),
      );
      assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [10, 5]);
    });

    it('is refused with the time to wait, in the same way whether the account exists or not', async () => {
      const { email } = await addPerson(first, 'known@example.com');
      const pages = [];
      for (const [index, name] of [email, 'nobody@example.com'].entries()) {
        const address = `203.0.113.${10 + index}`;
        const looked = await times(10, () => tryPassword(first, address, { email: name, password: wrong }));
        assert.equal(countOf(looked, 401), 10);
        const refused = await tryPassword(second, address, { email: name, password: wrong });
        assert.equal(refused.status, 429);
        assert.ok(Number(refused.retryAfter) > 800 && Number(refused.retryAfter) <= 900);
        pages.push(
          [looked[0]?.html ?? '', refused.html].map((html) =>
            html
              .replaceAll(name, 'EMAIL')
              .replaceAll(/\/interaction\/[\w-]+/g, '/interaction/UID')
              .replaceAll(/name="form_token" value="[^"]+"/g, ''),
          ),
        );
      }
      const [ofKnown, ofUnknown] = pages;
      assert.deepEqual(ofKnown, ofUnknown);
      assert.match(
        ofKnown?.[1] ?? '',
        /role="alert" id="wrong">Too many tries were wrong\. Wait 15 minutes, then try again\./,
      );
      assert.match(ofKnown?.[1] ?? '', /name="password"[^>]*aria-describedby="wrong"/);
    });

    it('is not possible while the database accepts no writes: 503, no sign-in, and no checked guess', async () => {
      const { email, password } = await addPerson(first, 'away@example.com');
      const person = new Person();
      const page = await person.follow(await person.get(authorizeAddress(second.url)), second.url);
      const answer = await whileNothingIsTaken(first, () =>
        person.submit(page, 'sign-in', { email, password, decision: 'sign-in' }),
      );
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '5');
      assert.equal((await tryPassword(second, '203.0.113.20', { email, password })).status, 303);
    });
  });

  describe('C-9 guessing by clients', () => {
    const post = async (
      server: TestServer,
      path: '/oauth/token' | '/oauth/revoke',
      address: string,
      fields: Record<string, string>,
      secret?: string,
      headers: Record<string, string> = {},
    ) => {
      const credentials = secret === undefined ? {} : { authorization: `Basic ${btoa(`${shop.clientId}:${secret}`)}` };
      const response = await fetch(server.own + path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { 'x-forwarded-for': address, ...credentials, ...headers },
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    const unknownToken = { grant_type: 'refresh_token', refresh_token: 'x' };

    async function assertLocked(answer: Awaited<ReturnType<typeof post>>): Promise<void> {
      assert.equal(answer.status, 429);
      const { error, error_description: description } = JSON.parse(answer.text);
      assert.equal(error, 'temporarily_unavailable');
      const seconds = Number(answer.headers.get('retry-after'));
      assert.ok(seconds > 0 && seconds <= 900);
      assert.equal(description, `too many failed attempts: try again in ${seconds} seconds`);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
    }

    it('a secret is compared thirty times from one address, over all endpoints and processes', async () => {
      const address = '198.51.100.1';
      for (let index = 0; index < 30; index += 1) {
        const [server, path] = [
          index % 2 === 0 ? first : second,
          index % 3 === 0 ? '/oauth/revoke' : '/oauth/token',
        ] as const;
        const accept = index % 5 === 0 ? 'text/html' : 'application/json';
        const answer = await post(server, path, address, { ...unknownToken, token: 'x' }, 'wrong', { accept });
        assert.equal(answer.status, 401, `${index} ${answer.text}`);
      }
      await assertLocked(await post(first, '/oauth/token', address, unknownToken, 'wrong'));
      await assertLocked(await post(second, '/oauth/token', address, unknownToken, shop.clientSecret));
      await assertLocked(await post(first, '/oauth/revoke', address, { token: 'x' }, shop.clientSecret));
      const variables = { input: { clientId: shop.clientId, clientSecret: shop.clientSecret, refreshToken: 'x' } };
      const headers = { 'x-forwarded-for': address };
      const { body } = await query(second.own, refreshMutation, { variables, headers });
      assert.equal(body.data.refreshAccessToken.error, 'temporarily_unavailable');
      assert.match(body.data.refreshAccessToken.errorDescription, /^Too many attempts\. Try again in \d+ seconds\.$/);
      const revocation = { input: { clientId: shop.clientId, clientSecret: shop.clientSecret, token: 'x' } };
      const revoked = await query(second.own, revokeMutation, { variables: revocation, headers });
      assert.equal(revoked.body.data.revokeToken.error.error, 'temporarily_unavailable');

      const elsewhere = await post(first, '/oauth/token', '198.51.100.2', unknownToken, shop.clientSecret);
      assert.equal(elsewhere.status, 400);
      assert.match(elsewhere.text, /"invalid_grant"/);
    });

    it('failures at the mutations count like those at the endpoint, for the address of the caller', async () => {
      const address = '198.51.100.3';
      const variables = { input: { clientId: shop.clientId, clientSecret: 'wrong', refreshToken: 'x' } };
      for (let index = 0; index < 30; index += 1) {
        const { body } = await query(index % 2 === 0 ? first.own : second.own, refreshMutation, {
          variables,
          headers: { 'x-forwarded-for': address },
        });
        assert.equal(body.data.refreshAccessToken.error, 'invalid_client');
      }
      await assertLocked(await post(first, '/oauth/token', address, unknownToken, shop.clientSecret));
      const elsewhere = await query(first.own, refreshMutation, {
        variables,
        headers: { 'x-forwarded-for': '198.51.100.4' },
      });
      assert.equal(elsewhere.body.data.refreshAccessToken.error, 'invalid_client');
    });

    it('a client that does not exist is counted in the same way', async () => {
      const fields = { ...unknownToken, client_id: 'nobody' };
      const answers = [];
      for (let index = 0; index < 35; index += 1)
        answers.push(await post(first, '/oauth/token', '198.51.100.5', fields));
      assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [30, 5]);
    });

    it('an address has a hundred failures over all clients', async () => {
      const answers = [];
      for (let index = 0; index < 110; index += 1) {
        answers.push(
          await post(first, '/oauth/token', '198.51.100.6', { ...unknownToken, client_id: `nobody${index}` }),
        );
      }
      assert.deepEqual([countOf(answers, 401), countOf(answers, 429)], [100, 10]);
    });

    it('wrong refresh tokens count a tenth', async () => {
      const fields = { ...unknownToken, client_id: 'claimgate' };
      const answers = await times(301, (index) =>
        post(index % 2 === 0 ? first : second, '/oauth/token', '198.51.100.7', fields),
      );
      // The servers may check a few more tokens while the last attempts are being counted.
      assert.ok(countOf(answers, 400) >= 300);
      await assertLocked(await post(first, '/oauth/token', '198.51.100.7', fields));
    });

    it('a client that loses a race for its own code, or sends an old one, is not counted', async () => {
      const { input } = await requestCode(first.url);
      const answers = await times(60, () => post(first, '/oauth/token', '198.51.100.8', codeForm(input)));
      assert.deepEqual([countOf(answers, 200), countOf(answers, 400)], [1, 59]);
      const fields = { ...unknownToken, client_id: 'claimgate' };
      for (let index = 0; index < 250; index += 1) {
        assert.equal((await post(first, '/oauth/token', '198.51.100.8', codeForm(input))).status, 400);
      }
      assert.equal((await post(first, '/oauth/token', '198.51.100.8', fields)).status, 400);
    });

    it('is not possible while the database accepts no writes: 503, for a secret and for a refresh token of a public client', async () => {
      const headers = { accept: 'application/json' };
      const guess = (fields: Record<string, string>, secret?: string) =>
        post(second, '/oauth/token', '198.51.100.10', { ...unknownToken, ...fields }, secret, headers);
      const answers = await whileNothingIsTaken(first, () =>
        Promise.all([guess({}, 'wrong'), guess({ client_id: 'claimgate' })]),
      );
      for (const { status, headers, text } of answers) {
        assert.equal(status, 503);
        assert.equal(headers.get('retry-after'), '5');
        assert.match(text, /"temporarily_unavailable"/);
        assert.doesNotMatch(text, /invalid/);
      }
    });

    it('does not limit the sign-in page', async () => {
      const address = '198.51.100.9';
      for (let index = 0; index < 31; index += 1) {
        await post(first, '/oauth/token', address, { ...unknownToken, client_id: 'claimgate', client_secret: 'x' });
      }
      await assertLocked(await post(first, '/oauth/token', address, { ...unknownToken, client_id: 'claimgate' }));
      assert.equal((await tryPassword(first, address, admin)).status, 303);
    });
  });
});
