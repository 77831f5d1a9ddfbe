import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { exchangeMutation, query, refreshMutation, revokeMutation, type TokenPayload } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { freePort, until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { comeBack, type RunningStranger, startStranger, strangerSecret } from '../support/stranger.ts';
import { assertRefusesToStart } from './refuses-to-start.ts';

const redirectUri = 'https://app.example/callback';

const beginMutation = `mutation ($input: BeginAuthorizationInput!) {
  beginAuthorization(input: $input) {
    ... on BegunAuthorization { authorizationUrl transaction expiresIn }
    ... on OAuthError { error errorDescription }
  }
}`;

async function send(url: string, mutation: string, input: Record<string, unknown>): Promise<TokenPayload> {
  const { body } = await query(url, mutation, { variables: { input } });
  const [payload] = Object.values<TokenPayload>(body.data ?? {});
  assert.ok(payload, JSON.stringify(body));
  return payload;
}

const begin = (url: string, connection = 'one') => send(url, beginMutation, { connection, redirectUri });
const exchange = (url: string, connection: Record<string, unknown>) => send(url, exchangeMutation, { connection });
const refresh = (url: string, refreshToken: string) => send(url, refreshMutation, { connection: 'one', refreshToken });

/**
 * Begins an authorization, signs in at the other issuer, and returns.
 * @returns the input of the exchange
 */
async function prepare(url: string, connection = 'one') {
  const { authorizationUrl, transaction } = await begin(url, connection);
  return { connection, transaction, ...(await comeBack(authorizationUrl)) };
}

async function signIn(url: string): Promise<TokenPayload> {
  const tokens = await exchange(url, await prepare(url));
  assert.ok(tokens.accessToken, JSON.stringify(tokens));
  return tokens;
}

/** Configures two connections that share a redirect URI. This is allowed because both issuers send `iss`. */
function configFor(one: string, two: string): string {
  const entry = (name: string, issuer: string, clientId: string) => ({
    name,
    issuer,
    clientId,
    clientSecret: strangerSecret,
    ...(clientId.endsWith('post') && { tokenEndpointAuthMethod: 'client_secret_post' }),
    redirectUris: [redirectUri],
  });
  const connections = [entry('one', one, 'RS256-basic'), entry('two', two, 'EdDSA-post')];
  return `export default { connections: ${JSON.stringify(connections)} }`;
}

onDatabaseOrEach('PostgreSQL', (database) => {
  describe('connections together with the embedded authorization server', () => {
    let one: RunningStranger;
    let two: RunningStranger;
    let first: TestServer;
    /** A second process on the same database. */
    let second: TestServer;
    const env = { CLAIMGATE_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'trace' };

    before(async () => {
      [one, two] = await Promise.all([startStranger(), startStranger()]);
      first = await startTestServer({ database, config: configFor(one.issuer, two.issuer), env });
      second = await startTestServer({ beside: first, env });
    });
    after(async () => {
      await second.dispose();
      await first.dispose();
      await Promise.all([one.stop(), two.stop()]);
    });

    it('two mutations give tokens, by either process', async () => {
      for (const connection of ['one', 'two']) {
        const input = await prepare(first.url, connection);
        const tokens = await exchange(second.url, input);
        assert.deepEqual(Object.keys(tokens), [
          'accessToken',
          'tokenType',
          'expiresIn',
          'refreshToken',
          'idToken',
          'scope',
        ]);
        assert.equal(tokens.tokenType, 'Bearer');
        assert.match(tokens.refreshToken, /^[\w-]{43}$/);
      }
    });

    it('C-1 exactly one of 50 parallel exchanges of one transaction over two processes gets tokens', async () => {
      await Promise.all([begin(first.url), begin(second.url)]);
      for (let round = 0; round < 3; round++) {
        const input = await prepare(first.url);
        const calls = (await one.calls())['/token'] ?? 0;
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, index) => exchange(index % 2 === 0 ? first.url : second.url, input)),
        );
        const [winner, ...others] = answers.filter(({ accessToken }) => accessToken !== undefined);
        assert.deepEqual(others, []);
        assert.equal(((await one.calls())['/token'] ?? 0) - calls, 1);
        assert.deepEqual(new Set(answers.flatMap(({ error }) => error ?? [])), new Set(['invalid_grant']));
        assert.ok((await refresh(second.url, winner?.refreshToken)).accessToken, 'and these still work');
      }
    });

    it('C-6 exactly one of 50 parallel uses of one refresh handle over two processes gets tokens', async () => {
      const { refreshToken } = await signIn(first.url);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => refresh(index % 2 === 0 ? first.url : second.url, refreshToken)),
      );
      const [winner, ...others] = answers.filter(({ accessToken }) => accessToken !== undefined);
      assert.deepEqual(others, []);
      assert.ok((await refresh(first.url, winner?.refreshToken)).accessToken);
    });

    it('C-7 mix-up: the response of another issuer is not sent to this one', async () => {
      const { transaction } = await begin(first.url, 'one');
      const elsewhere = await prepare(first.url, 'two');
      const calls = await one.calls();
      const { state } = elsewhere;
      const input = { ...elsewhere, connection: 'one', transaction, state };
      assert.equal((await exchange(first.url, input)).error, 'invalid_grant');
      // The exchange is refused even if the attacker sends the state of the own transaction.
      const own = await begin(first.url, 'one');
      const fitting = new URL(own.authorizationUrl).searchParams.get('state');
      const forged = { ...elsewhere, connection: 'one', transaction: own.transaction, state: fitting };
      assert.equal((await exchange(first.url, forged)).error, 'invalid_grant');
      assert.equal((await one.calls())['/token'], calls['/token']);
    });

    it('C-7 a wrong state or iss ends the exchange before the token endpoint is called', async () => {
      for (const change of [{ state: 'x'.repeat(43) }, { iss: `${one.issuer}/` }, { iss: null }]) {
        const input = await prepare(first.url);
        const calls = await one.calls();
        assert.equal((await exchange(first.url, { ...input, ...change })).error, 'invalid_grant');
        assert.equal((await exchange(second.url, input)).error, 'invalid_grant', 'the transaction is ended');
        assert.equal((await one.calls())['/token'], calls['/token']);
      }
    });

    it('C-8, C-11 neither log nor answer contains a secret, for any answer of the issuer', async () => {
      const tokens = await signIn(first.url);
      const input = await prepare(first.url);
      await one.break('status 500 that repeats the request');
      const failed = await exchange(first.url, input);
      const refused = await refresh(first.url, tokens.refreshToken);
      await one.break('none');
      assert.deepEqual([failed.error, refused.error], ['server_error', 'server_error']);
      const line = /"issuer":"http[^"]*","error":"server_error","reason":"\w+","msg":"exchange failed"/;
      await until(() => line.test(first.output()));
      const told = JSON.stringify([failed, refused]) + first.output() + second.output();
      const { transaction, code, state } = input;
      const secrets = [transaction, code, state, tokens.accessToken, tokens.refreshToken, tokens.idToken];
      const basic = Buffer.from(`RS256-basic:${strangerSecret}`).toString('base64');
      for (const secret of [...secrets, strangerSecret, encodeURIComponent(strangerSecret), basic]) {
        assert.ok(!told.includes(secret), secret);
      }
    });

    it('C-9 one per operation, only by POST, not over a stream, and with secrets as variables', async () => {
      const fields = 'authorizationUrl: __typename';
      const twice = `mutation ($input: BeginAuthorizationInput!) {
        a: beginAuthorization(input: $input) { ${fields} } b: beginAuthorization(input: $input) { ${fields} }
      }`;
      const variables = { input: { connection: 'one', redirectUri } };
      const many = await query(first.url, twice, { variables });
      assert.deepEqual([many.status, many.body.errors?.[0]?.extensions.code], [400, 'TOKEN_MUTATION_LIMIT']);

      const search = new URLSearchParams({ query: beginMutation, variables: JSON.stringify(variables) });
      const headers = { 'apollo-require-preflight': 'true' };
      assert.equal((await fetch(`${first.url}/graphql?${search.toString()}`, { headers })).status, 405);

      const stream = await fetch(`${first.url}/graphql`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ query: beginMutation, variables }),
      });
      assert.match(await stream.text(), /TOKEN_MUTATION_LIMIT/);

      for (const secret of ['transaction', 'code', 'state']) {
        const parts = { transaction: '$t', code: '$t', state: '$t', [secret]: '"secret"' };
        const connection = Object.entries(parts)
          .map((part) => part.join(': '))
          .join(', ');
        const document = `mutation ($t: String!) { exchangeAuthorizationCode(input: { connection: { connection: "one", ${connection} } }) { __typename } }`;
        const { status, body } = await query(first.url, document, { variables: { t: 'x' } });
        assert.deepEqual([status, body.errors?.[0]?.extensions.code], [400, 'SENSITIVE_LITERAL'], secret);
      }
    });

    it('C-10 every answer is no-store', async () => {
      const variables = { input: { connection: 'one', redirectUri } };
      const begun = await query(first.url, beginMutation, { variables });
      const exchanged = await query(first.url, exchangeMutation, {
        variables: { input: { connection: await prepare(first.url) } },
      });
      assert.ok(exchanged.body.data.exchangeAuthorizationCode.accessToken);
      for (const { headers } of [begun, exchanged]) assert.match(headers.get('cache-control') ?? '', /no-store/);
    });

    it('C-17 refresh and revoke accept handles only with a connection and tokens only with a client', async () => {
      const { refreshToken, accessToken } = await signIn(first.url);
      const attempts: [Record<string, unknown>, string][] = [
        [{ connection: 'one', clientId: 'claimgate' }, 'invalid_request'],
        [{ connection: 'one', clientSecret: 'a' }, 'invalid_request'],
        [{}, 'invalid_request'],
        [{ clientId: 'claimgate' }, 'invalid_grant'],
        [{ connection: 'two' }, 'invalid_grant'],
        [{ connection: 'three' }, 'invalid_request'],
      ];
      for (const [who, code] of attempts) {
        assert.equal(
          (await send(first.url, refreshMutation, { ...who, refreshToken })).error,
          code,
          JSON.stringify(who),
        );
      }
      assert.equal((await refresh(first.url, accessToken)).error, 'invalid_grant');
      const live = await one.liveRefreshTokens();
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await send(first.url, revokeMutation, { connection: 'one', token: refreshToken }), {
          error: null,
        });
      }
      assert.ok((await one.liveRefreshTokens()) < live);
      assert.equal((await refresh(second.url, refreshToken)).error, 'invalid_grant');
    });

    it('C-18 with a bad Authorization header: 401, and the message says to leave it out', async () => {
      const variables = { input: { connection: 'one', redirectUri } };
      const { status, body } = await query(first.url, beginMutation, { variables, token: 'expired' });
      assert.equal(status, 401);
      assert.match(body.errors?.[0]?.message ?? '', /beginAuthorization.*without an Authorization header/);
    });

    it('kill -9 after the URL was returned, and after tokens were returned: the other process continues', async () => {
      const third = await startTestServer({ beside: first, env });
      const input = await prepare(third.url);
      const { refreshToken } = await signIn(third.url);
      await third.stop('SIGKILL');
      assert.ok((await exchange(second.url, input)).accessToken);
      assert.ok((await refresh(second.url, refreshToken)).accessToken);
    });

    it('kill -9 while a code is being exchanged: it is not sent again', async () => {
      const third = await startTestServer({ beside: first, env });
      const input = await prepare(third.url);
      await one.break('hanging token endpoint');
      const calls = (await one.calls())['/token'] ?? 0;
      const lost = exchange(third.url, input).catch(() => 'lost');
      await until(async () => ((await one.calls())['/token'] ?? 0) > calls);
      await third.stop('SIGKILL');
      assert.equal(await lost, 'lost');
      await one.break('none');
      assert.equal((await exchange(second.url, input)).error, 'invalid_grant');
      assert.equal(((await one.calls())['/token'] ?? 0) - calls, 1);
    });
  });
});

describe('the connection to CLAIMGATE_ISSUER', () => {
  it('C-12 the server starts while the issuer is down, and works when the issuer is available', async () => {
    const port = await freePort();
    const server = await startTestServer({
      env: {
        CLAIMGATE_ISSUER: `http://127.0.0.1:${port}`,
        CLAIMGATE_CLIENT_ID: 'PS256-basic',
        CLAIMGATE_CLIENT_SECRET: strangerSecret,
        CLAIMGATE_REDIRECT_URIS: redirectUri,
      },
    });
    let stranger: RunningStranger | undefined;
    try {
      const early = await begin(server.url, 'default');
      assert.equal(early.error, 'temporarily_unavailable');
      stranger = await startStranger({ port });
      await until(async () => (await begin(server.url, 'default')).transaction !== undefined, 15_000);
      const tokens = await exchange(server.url, await prepare(server.url, 'default'));
      assert.ok(tokens.accessToken);
      assert.equal(tokens.refreshToken, null, 'no key, no handle');

      const client = { clientId: 'a', code: 'b', codeVerifier: 'c'.repeat(43), redirectUri };
      assert.equal((await send(server.url, exchangeMutation, { client })).error, 'invalid_client');
      const { body } = await query(server.url, '{ __type(name: "Application") { name } }');
      assert.equal(body.data.__type, null, 'nothing else of the embedded server');
    } finally {
      await server.dispose();
      await stranger?.stop();
    }
  });

  it('without a connection, there is no token mutation with a foreign issuer', async () => {
    const stranger = await startStranger();
    const server = await startTestServer({ env: { CLAIMGATE_ISSUER: stranger.issuer } });
    try {
      const { body } = await query(server.url, '{ __schema { mutationType { name } } }');
      assert.equal(body.data.__schema.mutationType, null);
    } finally {
      await server.dispose();
      await stranger.stop();
    }
  });
});

it('a server whose connections could be mixed up does not start', () =>
  assertRefusesToStart(
    {
      config: `const entry = { issuer: 'https://a.example', clientId: 'a', clientSecret: 'hush', redirectUris: ['${redirectUri}'] };
        export default { connections: [{ ...entry, name: 'one' }, { ...entry, name: 'two', authorizationResponseIss: false }, { ...entry, name: 'one', clientId: 'b' }] };`,
    },
    /connection "two"\.redirectUris: expected redirect URIs that no other connection has/,
    /connection "one": expected another name/,
  ));
