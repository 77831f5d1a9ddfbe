/**
 * `npm run demo`: walks the whole path and describes each step. It checks every answer. A wrong answer ends it with
 * exit code 1. `npm run demo -- --explore` lets a person compare the three callers in the explorer.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { type Answer, exchangeMutation, query, refreshMutation, requestCode, signInFor } from '../support/client.ts';
import { root } from '../support/process.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

/** Prints the description of one step. */
type Say = (heading: string, detail?: string) => void;

const ordersQuery = '{ orders { item customer } }';

/** Starts a server on an empty folder, with one module of a team. */
function startOrders(): Promise<TestServer> {
  return startTestServer({ fromSources: true, env: { CLAIMGATE_CONFIG: join(root, 'test/flows/orders.config.ts') } });
}

/** Walks the path from an empty folder to an answer. @throws AssertionError at the first wrong answer */
export async function walkPath(say: Say): Promise<void> {
  const server = await startOrders();
  const { url } = server;
  try {
    say('A server starts on an empty folder', `${url}, with one module of a team: orders are guarded by orders:read`);

    const { callback, input } = await requestCode(url, { scope: 'profile' });
    assert.equal(callback.searchParams.get('iss'), url);
    say(
      `${admin.email} signs in and allows "profile"`,
      `the browser comes back to ${callback.origin}${callback.pathname} with a code`,
    );

    const exchanged = await query(url, exchangeMutation, { variables: { input: { client: input } } });
    const tokens = exchanged.body.data.exchangeAuthorizationCode;
    assert.deepEqual(tokens.scope, ['profile']);
    assert.equal(exchanged.headers.get('cache-control'), 'no-store');
    say(
      'The application trades the code for tokens in a mutation',
      `${tokens.tokenType}, ${tokens.expiresIn} s, scope ${tokens.scope}`,
    );

    const again = await query(url, exchangeMutation, { variables: { input: { client: input } } });
    assert.equal(again.body.data.exchangeAuthorizationCode.error, 'invalid_grant');
    say('The same code a second time', shown(again));

    const refreshed = await query(url, refreshMutation, {
      variables: { input: { clientId: 'claimgate', refreshToken: tokens.refreshToken } },
    });
    const renewed = refreshed.body.data.refreshAccessToken;
    assert.equal(renewed.tokenType, 'Bearer');
    assert.notEqual(renewed.refreshToken, tokens.refreshToken);
    say('The refresh token brings new tokens, and is replaced');

    const revoked = await query(
      url,
      'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { error { error } } }',
      {
        variables: { input: { clientId: 'claimgate', token: renewed.refreshToken } },
      },
    );
    assert.equal(revoked.body.data.revokeToken.error, null);
    const late = await query(url, refreshMutation, {
      variables: { input: { clientId: 'claimgate', refreshToken: renewed.refreshToken } },
    });
    assert.equal(late.body.data.refreshAccessToken.error, 'invalid_grant');
    say('Revoked, it brings nothing any more', shown(late));

    const ended = await query(url, '{ viewer { subject } }', { token: renewed.accessToken });
    assert.equal(ended.status, 401);
    assert.equal(ended.body.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
    say('Nor does the access token that came with it', shown(ended));

    const { accessToken: profileToken } = await signInFor(url, { scope: 'profile' });
    await threeCallers(url, profileToken, say);
  } finally {
    await server.dispose();
  }
}

/** Sends one query as three callers, who get three answers. */
async function threeCallers(url: string, profileToken: string, say: Say): Promise<void> {
  const nobody = await query(url, ordersQuery);
  assert.equal(nobody.status, 401);
  assert.equal(nobody.body.errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
  say(`${ordersQuery}, asked without a token`, shown(nobody));

  const other = await query(url, ordersQuery, { token: profileToken });
  assert.equal(other.status, 403);
  assert.deepEqual(other.body.errors?.[0]?.extensions.requiredScopes, ['orders:read']);
  say(`${ordersQuery}, asked with a token for "profile"`, shown(other));

  const { accessToken } = await signInFor(url, { scope: 'orders:read customers:read' });
  const right = await query(url, ordersQuery, { token: accessToken });
  assert.equal(right.status, 200);
  assert.deepEqual(right.body, {
    data: {
      orders: [
        { item: 'Lamp', customer: 'Grace' },
        { item: 'Desk', customer: 'Alan' },
      ],
    },
  });
  say(`${ordersQuery}, asked with a token for "orders:read customers:read"`, shown(right));
}

/** Prints how to compare three callers in the explorer, and keeps the server until this process gets a signal. */
async function explore(): Promise<void> {
  const server = await startOrders();
  const operation = { v: 1, d: 'query ThreeCallers {\n  orders {\n    item\n    customer\n  }\n}\n' };
  const fragment = Buffer.from(JSON.stringify(operation)).toString('base64url');
  process.stdout.write(`Open ${server.url}/explorer#operation=${fragment}

1. Press Ctrl+Enter: without a token, the operation is refused.
2. Callers > No scopes > profile > Sign in, as ${admin.email} with the password "${admin.password}".
3. The same person > All scopes > Sign in.
4. Close > Side by side > tick all three > Ctrl+Enter.

Ctrl+C ends the server and removes its database.
`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.dispose();
}

function shown({ status, headers, body }: Answer): string {
  const challenge = headers.get('www-authenticate');
  return [`HTTP ${status}`, ...(challenge ? [`WWW-Authenticate: ${challenge}`] : []), JSON.stringify(body)].join('\n');
}

if (import.meta.main && process.argv.includes('--explore')) {
  await explore();
} else if (import.meta.main) {
  let step = 0;
  try {
    await walkPath((heading, detail) => {
      step += 1;
      const lines = detail ? `\n   ${detail.replaceAll('\n', '\n   ')}` : '';
      process.stdout.write(`\n${styleText('bold', `${step}. ${heading}`)}${styleText('dim', lines)}\n`);
    });
    process.stdout.write(`\n${styleText('green', 'Every answer was right.')}\n`);
  } catch (error) {
    process.stderr.write(`\n${styleText('red', 'A wrong answer:', { stream: process.stderr })} ${String(error)}\n`);
    process.exitCode = 1;
  }
}
