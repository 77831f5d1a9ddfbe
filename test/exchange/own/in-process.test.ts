import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../../../src/exchange/client.ts';
import type { ExchangeFailure } from '../../../src/exchange/failure.ts';
import { createInProcessExchange, type InProcessExchangeOptions } from '../../../src/exchange/own/in-process.ts';

type Post = InProcessExchangeOptions['post'];
type Sent = Parameters<Post>[0];

const caller = { address: '192.0.2.1' };
const publicClient: Client = { clientId: 'app', tokenEndpointAuthMethod: 'none', clientSecret: null };
const grant = {
  code: 's3cret-code',
  codeVerifier: 's3cret-verifier'.padEnd(43, '~'),
  redirectUri: 'https://app.example/',
};
const tokens = { access_token: 'at', token_type: 'Bearer' };

/** An exchange with an endpoint that gives one answer. */
function exchangeWith(answer: () => ReturnType<Post>, timeoutSeconds = 5) {
  const sent: Sent[] = [];
  const failures: ExchangeFailure[] = [];
  const exchange = createInProcessExchange({
    issuer: 'https://id.example',
    tokenPath: '/token',
    revocationPath: '/revoke',
    post(request) {
      sent.push(request);
      return answer();
    },
    timeoutSeconds,
    onFailure: (failure) => failures.push(failure),
  });
  return { exchange, sent, failures };
}

function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return async () => ({ status, header: (name: string) => headers[name], body: text });
}

const formOf = ({ body }: Sent) => Object.fromEntries(new URLSearchParams(body));

describe('an exchange in this process', () => {
  it('sends the grant with the address of the caller, and returns the tokens', async () => {
    const answer = { ...tokens, expires_in: 600, refresh_token: 'rt', id_token: 'id', scope: 'a b' };
    const { exchange, sent, failures } = exchangeWith(answered(200, answer));
    assert.deepEqual(await exchange.exchangeAuthorizationCode(caller, publicClient, grant), {
      ok: true,
      tokens: {
        accessToken: 'at',
        tokenType: 'Bearer',
        expiresIn: 600,
        refreshToken: 'rt',
        idToken: 'id',
        scope: ['a', 'b'],
      },
    });
    const [request] = sent;
    assert.ok(request);
    assert.deepEqual(formOf(request), {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: grant.code,
      code_verifier: grant.codeVerifier,
      redirect_uri: grant.redirectUri,
    });
    assert.deepEqual([request.path, request.address], ['/token', '192.0.2.1']);
    assert.deepEqual(request.headers, {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
    assert.deepEqual(failures, []);
  });

  it('authenticates the client by its registered method', async () => {
    const { exchange, sent } = exchangeWith(answered(200, tokens));
    for (const tokenEndpointAuthMethod of ['client_secret_basic', 'client_secret_post'] as const) {
      const client = { clientId: 'a p+p', clientSecret: 'a:b c%', tokenEndpointAuthMethod };
      await exchange.exchangeAuthorizationCode(caller, client, grant);
    }
    const [basic, inBody] = sent;
    assert.ok(basic && inBody);
    assert.equal(basic.headers['authorization'], `Basic ${btoa('a%20p%2Bp:a%3Ab%20c%25')}`);
    assert.deepEqual([formOf(basic)['client_id'], formOf(basic)['client_secret']], [undefined, undefined]);
    assert.equal(inBody.headers['authorization'], undefined);
    assert.deepEqual([formOf(inBody)['client_id'], formOf(inBody)['client_secret']], ['a p+p', 'a:b c%']);
  });

  it('C-4 sends nothing for a malformed grant, refresh token, scope, token or client', async () => {
    const { exchange, sent } = exchangeWith(answered(200, tokens));
    const errors = [
      await exchange.exchangeAuthorizationCode(caller, publicClient, { ...grant, codeVerifier: 'a'.repeat(42) }),
      await exchange.exchangeAuthorizationCode(caller, { ...publicClient, clientSecret: 's' }, grant),
      await exchange.refreshAccessToken(caller, publicClient, { refreshToken: '', scope: null }),
      await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope: ['a b'] }),
      await exchange.revokeToken(caller, publicClient, 'é'),
    ].map((result) => !result.ok && result.error.error);
    const malformed = 'invalid_request';
    assert.deepEqual(errors, [malformed, 'invalid_client', malformed, 'invalid_scope', malformed]);
    assert.deepEqual(sent, []);
  });

  it('refreshes with the given scopes or all, and revokes', async () => {
    const { exchange, sent } = exchangeWith(answered(200, tokens));
    await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope: ['a', 'b'] });
    await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope: null });
    assert.deepEqual(await exchange.revokeToken(caller, publicClient, 'rt'), { ok: true });
    assert.deepEqual(sent.map(formOf), [
      { grant_type: 'refresh_token', client_id: 'app', refresh_token: 'rt', scope: 'a b' },
      { grant_type: 'refresh_token', client_id: 'app', refresh_token: 'rt' },
      { client_id: 'app', token: 'rt' },
    ]);
    assert.equal(sent[2]?.path, '/revoke');
  });
});

describe('C-11 an answer of the endpoint in this process', () => {
  const echo = 's3cret-code leaked in a description';
  const malformed = 'malformed token response';
  const answers: Record<string, [() => ReturnType<Post>, string, string | null]> = {
    'of a known code keeps it': [
      answered(400, { error: 'invalid_grant', error_description: echo }),
      'invalid_grant',
      null,
    ],
    'of RFC 8707 keeps it': [
      answered(400, { error: 'invalid_target', error_description: echo }),
      'invalid_target',
      null,
    ],
    'that challenges is invalid_client': [
      answered(401, { error: 'invalid_client', error_description: echo }, { 'www-authenticate': 'Basic' }),
      'invalid_client',
      null,
    ],
    'of an unknown code is server_error': [answered(400, { error: 's3cret-code' }), 'server_error', 'status 400'],
    'of a code named like a member of every object is server_error': [
      answered(400, { error: 'constructor' }),
      'server_error',
      'status 400',
    ],
    'of an error without JSON is server_error': [answered(400, echo), 'server_error', 'status 400'],
    'that is garbage is server_error': [answered(200, '{"access_token":"s3cret-code"'), 'server_error', malformed],
    'without an access token is server_error': [answered(200, { token_type: 'bearer' }), 'server_error', malformed],
    'that is a list is server_error': [answered(200, [tokens]), 'server_error', malformed],
    'of an unknown token type is server_error': [
      answered(200, { ...tokens, token_type: 'mac' }),
      'server_error',
      malformed,
    ],
    'with a lifetime that is a text is server_error': [
      answered(200, { ...tokens, expires_in: '600' }),
      'server_error',
      malformed,
    ],
    'with a scope that is a list is server_error': [
      answered(200, { ...tokens, scope: ['a'] }),
      'server_error',
      malformed,
    ],
    'that redirects is not followed': [answered(302, '', { location: '/elsewhere' }), 'server_error', 'status 302'],
    'of 500 is server_error': [answered(500, { error: 'server_error' }), 'server_error', 'status 500'],
    'of 503 is temporarily_unavailable': [answered(503, echo), 'temporarily_unavailable', 'status 503'],
    'of 429 is temporarily_unavailable': [
      answered(429, { error: 'temporarily_unavailable' }),
      'temporarily_unavailable',
      'status 429',
    ],
    'without a body is server_error': [answered(204, ''), 'server_error', 'status 204'],
    'that never came is server_error': [() => Promise.reject(new Error('s3cret')), 'server_error', 'no answer'],
  };
  for (const [name, [answer, error, reason]] of Object.entries(answers)) {
    it(name, async () => {
      const { exchange, failures, sent } = exchangeWith(answer);
      const result = await exchange.exchangeAuthorizationCode(caller, publicClient, grant);
      assert.ok(!result.ok);
      assert.equal(result.error.error, error);
      assert.deepEqual(failures, reason === null ? [] : [{ issuer: 'https://id.example', error, reason }]);
      assert.doesNotMatch(JSON.stringify([result, failures]), /s3cret/);
      assert.equal(sent.length, 1);
    });
  }

  it('to a revocation keeps the code of the error', async () => {
    const { exchange } = exchangeWith(answered(400, { error: 'unsupported_token_type' }));
    const result = await exchange.revokeToken(caller, publicClient, 'rt');
    assert.equal(!result.ok && result.error.error, 'unsupported_token_type');
  });

  for (const [retryAfter, when] of [
    ['90', 'in 90 seconds'],
    [undefined, 'later'],
    ['-1', 'later'],
    ['1 s3cret', 'later'],
  ] as const) {
    it(`of 429 tells the caller when to try again, if Retry-After is a number: ${retryAfter}`, async () => {
      const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      const { exchange } = exchangeWith(answered(429, '{}', headers));
      const result = await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope: null });
      assert.equal(!result.ok && result.error.errorDescription, `Too many attempts. Try again ${when}.`);
    });
  }

  it('C-12 that does not come in time is temporarily unavailable', async () => {
    const { exchange, failures } = exchangeWith(() => new Promise(() => {}), 0.05);
    const result = await exchange.exchangeAuthorizationCode(caller, publicClient, grant);
    assert.equal(!result.ok && result.error.error, 'temporarily_unavailable');
    assert.equal(failures[0]?.reason, 'time-out');
  });
});
