import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchangeMutation, query } from '../support/client.ts';
import { getTokens, type RunningIssuer, startIssuer } from '../support/issuer.ts';
import { freePort, root } from '../support/process.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';
import { makeKey, payloadOf, sign } from '../support/tokens.ts';

const audience = 'https://api.example/graphql';
const scope = 'orders:read customers:read';
const ordersQuery = '{ orders { item customer } }';

/** Starts a server with the module of test/flows and an issuer that is not ours. */
function serverBehind(issuer: string, env: Record<string, string> = {}): Promise<TestServer> {
  return startTestServer({
    fromSources: true,
    env: {
      CLAIMGATE_ISSUER: issuer,
      CLAIMGATE_AUDIENCE: audience,
      CLAIMGATE_CONFIG: join(root, 'test/flows/orders.config.ts'),
      ...env,
    },
  });
}

describe('behind a foreign issuer', () => {
  let issuer: RunningIssuer;
  let server: TestServer;
  let url: string;

  before(async () => {
    issuer = await startIssuer({ audience, scope });
    server = await serverBehind(issuer.issuer);
    ({ url } = server);
  });
  after(async () => {
    // The issuer stops first, so that it ends even if the server did not start.
    await issuer.stop();
    await server.dispose();
  });

  it('a caller with the scopes is answered', async () => {
    const { access_token: token } = await getTokens(issuer, scope);
    const { status, body } = await query(url, ordersQuery, { token });
    assert.equal(status, 200);
    assert.deepEqual(body.data.orders[0], { item: 'Lamp', customer: 'Grace' });
    assert.equal(body.errors, undefined);
  });

  it('a caller with one of the scopes gets the fields of this scope', async () => {
    const { access_token: token } = await getTokens(issuer, 'orders:read');
    const { status, body } = await query(url, ordersQuery, { token });
    assert.equal(status, 200);
    assert.deepEqual(body.data.orders[0], { item: 'Lamp', customer: null });
    assert.deepEqual(body.errors?.[0]?.extensions.requiredScopes, ['customers:read']);
  });

  it('a caller without a scope gets 403, and one without a token 401 that names the issuer', async () => {
    const { access_token: token } = await getTokens(issuer, 'customers:read');
    const denied = await query(url, ordersQuery, { token });
    assert.equal(denied.status, 403);
    assert.match(denied.headers.get('www-authenticate') ?? '', /error="insufficient_scope".*scope="orders:read"/);
    const anonymous = await query(url, ordersQuery);
    assert.equal(anonymous.status, 401);
    const [, metadata = ''] = /resource_metadata="([^"]+)"/.exec(anonymous.headers.get('www-authenticate') ?? '') ?? [];
    const document = (await (await fetch(metadata)).json()) as Record<string, unknown>;
    assert.deepEqual(document.authorization_servers, [issuer.issuer]);
    assert.equal(document.resource, audience);
  });

  it('viewer states the subject that the issuer stated', async () => {
    const { access_token: token } = await getTokens(issuer, 'orders:read', 'grace');
    const { body } = await query(url, '{ viewer { subject issuer clientId scopes } }', { token });
    const expected = { subject: 'grace', issuer: issuer.issuer, clientId: issuer.clientId, scopes: ['orders:read'] };
    assert.deepEqual(body.data.viewer, expected);
  });

  it('the modules of the identity API are off', async () => {
    const { access_token: token } = await getTokens(issuer, scope);
    for (const document of ['{ applications { nodes { id } } }', '{ grants { nodes { id } } }', exchangeMutation]) {
      const { body } = await query(url, document, { token, variables: { input: {} } });
      assert.equal(body.errors?.[0]?.extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    }
    const { body } = await query(url, '{ scopes { name } }');
    assert.deepEqual(
      body.data.scopes.map(({ name }: { name: string }) => name),
      scope.split(' '),
    );
  });

  for (const path of [
    '/oauth/authorize',
    '/oauth/token',
    '/oauth/revoke',
    '/oauth/jwks',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/interaction/x',
  ]) {
    it(`${path} is off`, async () => {
      for (const method of ['GET', 'POST']) assert.equal((await fetch(url + path, { method })).status, 404);
    });
  }

  it('the database holds no account, no application and no signing key', async () => {
    const rows = await withStore(server, (store) =>
      Promise.all(
        (['accounts', 'applications', 'signing_keys', 'server_secrets'] as const).map((table) =>
          store.selectFrom(table).selectAll().execute(),
        ),
      ),
    );
    assert.deepEqual(rows.flat(), []);
  });

  it('a token of another issuer is refused', async () => {
    const other = await startIssuer({ audience, scope });
    try {
      const { access_token: token } = await getTokens(other, scope);
      const { status, body } = await query(url, ordersQuery, { token });
      assert.equal(status, 401);
      assert.equal(body.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
    } finally {
      await other.stop();
    }
  });

  it('a token with the name of the issuer and the signature of another key is refused', async () => {
    const claims = { iss: issuer.issuer, aud: audience, exp: 4e9, iat: 1.7e9, scope };
    const { status } = await query(url, ordersQuery, { token: sign(makeKey(), { payload: payloadOf(claims) }) });
    assert.equal(status, 401);
  });

  it('a token for another audience is refused', async () => {
    const elsewhere = await serverBehind(issuer.issuer, { CLAIMGATE_AUDIENCE: 'https://elsewhere.example/graphql' });
    try {
      const { access_token: token } = await getTokens(issuer, scope);
      const { status, body } = await query(elsewhere.url, ordersQuery, { token });
      assert.equal(status, 401);
      assert.equal(body.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
    } finally {
      await elsewhere.dispose();
    }
  });

  it('an ID token of the issuer is refused', async () => {
    const { id_token: token = '' } = await getTokens(issuer, `openid ${scope}`);
    assert.notEqual(token, '');
    assert.equal((await query(url, ordersQuery, { token })).status, 401);
  });
});

describe('A-12 while the issuer is down', () => {
  let server: TestServer;
  let port: number;
  before(async () => {
    port = await freePort();
    server = await serverBehind(`http://127.0.0.1:${port}`);
  });
  after(() => server.dispose());

  it('the server starts, answers public fields, answers 503 to tokens, and recovers', async () => {
    assert.equal((await query(server.url, '{ scopes { name } }')).status, 200);

    const claims = { iss: `http://127.0.0.1:${port}`, aud: audience, exp: 4e9, iat: 1.7e9, scope };
    const token = sign(makeKey(), { payload: payloadOf(claims) });
    const { status, headers, body } = await query(server.url, ordersQuery, { token });
    assert.equal(status, 503);
    assert.equal(body.errors?.[0]?.extensions.code, 'KEYS_UNAVAILABLE');
    const wait = Number(headers.get('retry-after'));
    assert.ok(wait > 0 && wait < 60, `Retry-After: ${headers.get('retry-after')}`);

    const issuer = await startIssuer({ port, audience, scope });
    try {
      const { access_token: good } = await getTokens(issuer, scope);
      await sleep(wait * 1_000);
      const answer = await query(server.url, ordersQuery, { token: good });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    } finally {
      await issuer.stop();
    }
  });
});
