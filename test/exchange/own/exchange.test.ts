import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import type { Client } from '../../../src/exchange/client.ts';
import { type CallOrigin, createExchange } from '../../../src/exchange/own/exchange.ts';
import type { ExchangeFailure } from '../../../src/exchange/failure.ts';

const caller: CallOrigin = { address: '192.0.2.1' };
const publicClient: Client = { clientId: 'app', tokenEndpointAuthMethod: 'none', clientSecret: null };
const grant = {
  code: 's3cret-code',
  codeVerifier: 's3cret-verifier'.padEnd(43, '~'),
  redirectUri: 'https://app.example/',
};
const tokens = { access_token: 'at', token_type: 'bearer' };

interface Sent {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
}

/** An authorization server with configurable answers, also ones that a real server never sends. */
async function openServer(t: TestContext, respond: (response: ServerResponse) => void, timeout = 5) {
  const sent: Sent[] = [];
  async function serve(request: IncomingMessage, response: ServerResponse) {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    sent.push({ url: request.url ?? '', authorization: request.headers.authorization, form });
    respond(response);
  }
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failures: ExchangeFailure[] = [];
  const callers: CallOrigin[] = [];
  const exchange = createExchange({
    server: {
      issuer: origin,
      tokenEndpoint: `${origin}/token`,
      revocationEndpoint: `${origin}/revoke`,
      idTokenSigningAlgorithms: ['ES256'],
    },
    fetchFor(from) {
      callers.push(from);
      return fetch;
    },
    timeoutSeconds: timeout,
    onFailure: (failure) => failures.push(failure),
  });
  return { exchange, sent, failures, callers, server };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

describe('exchangeAuthorizationCode', () => {
  it('sends the grant and returns the tokens', async (t) => {
    const answer = { ...tokens, expires_in: 600, refresh_token: 'rt', scope: 'a b' };
    const { exchange, sent, callers, failures } = await openServer(t, json(200, answer));
    assert.deepEqual(await exchange.exchangeAuthorizationCode(caller, publicClient, grant), {
      ok: true,
      tokens: {
        accessToken: 'at',
        tokenType: 'Bearer',
        expiresIn: 600,
        refreshToken: 'rt',
        idToken: null,
        scope: ['a', 'b'],
      },
    });
    assert.deepEqual(sent, [
      {
        url: '/token',
        authorization: undefined,
        form: {
          grant_type: 'authorization_code',
          client_id: 'app',
          code: grant.code,
          code_verifier: grant.codeVerifier,
          redirect_uri: grant.redirectUri,
        },
      },
    ]);
    assert.deepEqual(callers, [caller]);
    assert.deepEqual(failures, []);
  });

  it('authenticates the client by its registered method', async (t) => {
    const { exchange, sent } = await openServer(t, json(200, tokens));
    const client = { clientId: 'app', clientSecret: 'a:b c' };
    await exchange.exchangeAuthorizationCode(
      caller,
      { ...client, tokenEndpointAuthMethod: 'client_secret_basic' },
      grant,
    );
    await exchange.exchangeAuthorizationCode(
      caller,
      { ...client, tokenEndpointAuthMethod: 'client_secret_post' },
      grant,
    );
    assert.equal(sent[0]?.authorization, `Basic ${btoa('app:a%3Ab+c')}`);
    assert.equal(sent[0]?.form['client_secret'], undefined);
    assert.equal(sent[1]?.authorization, undefined);
    assert.equal(sent[1]?.form['client_secret'], 'a:b c');
  });

  const malformed: Record<string, [Partial<typeof grant>, string]> = {
    'C-4 no verifier': [{ codeVerifier: '' }, 'codeVerifier'],
    'C-4 a verifier of 42 characters': [{ codeVerifier: 'a'.repeat(42) }, 'codeVerifier'],
    'C-4 a verifier of 129 characters': [{ codeVerifier: 'a'.repeat(129) }, 'codeVerifier'],
    'C-4 a verifier with a character that is reserved': [{ codeVerifier: `${'a'.repeat(43)}+` }, 'codeVerifier'],
    'C-4 a verifier with a line break at its end': [{ codeVerifier: `${'a'.repeat(43)}\n` }, 'codeVerifier'],
    'no code': [{ code: '' }, 'code'],
    'a code of absurd length': [{ code: 'a'.repeat(100_000) }, 'code'],
    'a code beyond ASCII': [{ code: 'é' }, 'code'],
    'no redirect URI': [{ redirectUri: '' }, 'redirectUri'],
  };
  for (const [name, [change, parameter]] of Object.entries(malformed)) {
    it(`sends nothing for ${name}`, async (t) => {
      const { exchange, sent } = await openServer(t, json(200, tokens));
      const result = await exchange.exchangeAuthorizationCode(caller, publicClient, { ...grant, ...change });
      assert.ok(!result.ok);
      assert.equal(result.error.error, 'invalid_request');
      assert.ok(result.error.errorDescription.startsWith(`${parameter}: expected `));
      assert.deepEqual(sent, []);
    });
  }

  const strangers: Record<string, Client> = {
    'a public client with a secret': { ...publicClient, clientSecret: 's' },
    'a confidential client without one': { ...publicClient, tokenEndpointAuthMethod: 'client_secret_basic' },
    'a secret of half a surrogate pair': {
      ...publicClient,
      tokenEndpointAuthMethod: 'client_secret_basic',
      clientSecret: '\ud800',
    },
    'an empty client ID': { ...publicClient, clientId: '' },
  };
  for (const [name, client] of Object.entries(strangers)) {
    it(`C-3 sends nothing for ${name}`, async (t) => {
      const { exchange, sent } = await openServer(t, json(200, tokens));
      const result = await exchange.exchangeAuthorizationCode(caller, client, grant);
      assert.equal(!result.ok && result.error.error, 'invalid_client');
      assert.deepEqual(sent, []);
    });
  }
});

describe('C-11 an answer of the authorization server', () => {
  const echo = 's3cret-code leaked in a description';
  const answers: Record<string, [(response: ServerResponse) => void, string, string | null]> = {
    'of a known code keeps it': [json(400, { error: 'invalid_grant', error_description: echo }), 'invalid_grant', null],
    'of RFC 8707 keeps it': [json(400, { error: 'invalid_target', error_description: echo }), 'invalid_target', null],
    'that challenges is invalid_client': [
      json(401, { error: 'invalid_client', error_description: echo }, { 'www-authenticate': 'Basic realm="x"' }),
      'invalid_client',
      null,
    ],
    'of an unknown code is server_error': [json(400, { error: 's3cret-code' }), 'server_error', 'status 400'],
    'of a code named like a member of every object is server_error': [
      json(400, { error: 'constructor' }),
      'server_error',
      'status 400',
    ],
    'of an error without JSON is server_error': [
      json(400, echo, { 'content-type': 'text/html' }),
      'server_error',
      'OAUTH_RESPONSE_IS_NOT_JSON',
    ],
    'that is garbage is server_error': [
      json(200, '{"access_token":"s3cret-code"'),
      'server_error',
      'OAUTH_PARSE_ERROR',
    ],
    'that is a page is server_error': [
      json(200, '<p>s3cret-code', { 'content-type': 'text/html' }),
      'server_error',
      'OAUTH_RESPONSE_IS_NOT_JSON',
    ],
    'without an access token is server_error': [
      json(200, { token_type: 'bearer' }),
      'server_error',
      'OAUTH_INVALID_RESPONSE',
    ],
    'that is a list is server_error': [json(200, [tokens]), 'server_error', 'OAUTH_INVALID_RESPONSE'],
    'of an unknown token type is server_error': [
      json(200, { ...tokens, token_type: 'mac' }),
      'server_error',
      'OAUTH_UNSUPPORTED_OPERATION',
    ],
    'with an invalid ID token is server_error': [
      json(200, { ...tokens, id_token: 's3cret-code' }),
      'server_error',
      'OAUTH_INVALID_RESPONSE',
    ],
    'that redirects is not followed': [
      json(302, '', { location: '/elsewhere' }),
      'server_error',
      'OAUTH_RESPONSE_IS_NOT_CONFORM',
    ],
    'of 500 is server_error': [json(500, echo), 'server_error', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    'of 503 is temporarily_unavailable': [json(503, echo), 'temporarily_unavailable', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    'of 429 is temporarily_unavailable': [json(429, { error: 'slow_down' }), 'temporarily_unavailable', 'status 429'],
    'beyond all bounds is temporarily_unavailable': [
      json(200, JSON.stringify({ ...tokens, filler: 'x'.repeat(2_000_000) })),
      'temporarily_unavailable',
      'body-too-long',
    ],
    'without a body is server_error': [json(204, ''), 'server_error', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
  };
  for (const [name, [respond, error, reason]] of Object.entries(answers)) {
    it(name, async (t) => {
      const { exchange, failures, sent } = await openServer(t, respond);
      const result = await exchange.exchangeAuthorizationCode(caller, publicClient, grant);
      assert.ok(!result.ok);
      assert.equal(result.error.error, error);
      assert.deepEqual(
        failures.map((failure) => failure.reason),
        reason === null ? [] : [reason],
      );
      assert.doesNotMatch(JSON.stringify([result, failures]), /s3cret/);
      assert.equal(sent.length, 1);
    });
  }

  const lifetimes: [unknown, number | null][] = [
    [undefined, null],
    ['600', 600],
    [600.9, 600],
    [1e300, 2 ** 31 - 1],
  ];
  for (const [given, expected] of lifetimes) {
    it(`with an expires_in of ${JSON.stringify(given)} still yields its tokens`, async (t) => {
      const { exchange } = await openServer(t, json(200, { ...tokens, expires_in: given }));
      const result = await exchange.exchangeAuthorizationCode(caller, publicClient, grant);
      assert.ok(result.ok);
      assert.equal(result.tokens.expiresIn, expected);
    });
  }
});

describe('C-12 an authorization server that is', () => {
  const silent: Record<string, (response: ServerResponse) => void> = {
    silent: () => {},
    'silent after its head': (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders(),
    'silent amid its body': (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
  };
  for (const [name, respond] of Object.entries(silent)) {
    it(`${name} is temporarily unavailable after the time limit`, async (t) => {
      const { exchange, failures } = await openServer(t, respond, 0.2);
      const started = performance.now();
      const result = await exchange.exchangeAuthorizationCode(caller, publicClient, grant);
      assert.equal(!result.ok && result.error.error, 'temporarily_unavailable');
      assert.ok(performance.now() - started < 2000);
      assert.deepEqual(
        failures.map((failure) => failure.reason),
        ['time-out'],
      );
    });
  }

  for (const [retryAfter, when] of [
    ['90', 'in 90 seconds'],
    [undefined, 'later'],
    ['Fri, 31 Dec 1999 23:59:59 GMT', 'later'],
    ['-1', 'later'],
    ['123456', 'later'],
    ['1 s3cret', 'later'],
  ] as const) {
    it(`C-11 that answers 429 tells the caller when to try again, if Retry-After is a number: ${retryAfter}`, async (t) => {
      const { exchange } = await openServer(t, (response) => {
        if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
        response.writeHead(429, { 'content-type': 'application/json' });
        response.end('{"error":"invalid_grant","error_description":"s3cret"}');
      });
      const result = await exchange.exchangeAuthorizationCode(caller, publicClient, grant);
      assert.deepEqual(!result.ok && result.error, {
        error: 'temporarily_unavailable',
        errorDescription: `Too many attempts. Try again ${when}.`,
      });
    });
  }

  it('down is temporarily unavailable', async (t) => {
    const { exchange, failures, server } = await openServer(t, json(200, tokens));
    await new Promise((resolve) => server.close(resolve));
    const result = await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 's3cret', scope: null });
    assert.equal(!result.ok && result.error.error, 'temporarily_unavailable');
    assert.deepEqual(
      failures.map((failure) => failure.reason),
      ['ECONNREFUSED'],
    );
  });

  it('called with a fetch that ignores its signal is still ended by the time limit', async () => {
    const exchange = createExchange({
      server: {
        issuer: 'https://issuer.example',
        tokenEndpoint: 'https://issuer.example/token',
        revocationEndpoint: 'https://issuer.example/revoke',
        idTokenSigningAlgorithms: ['ES256'],
      },
      fetchFor: () => () => new Promise(() => {}),
      timeoutSeconds: 0.1,
    });
    const result = await exchange.revokeToken(caller, publicClient, 'token');
    assert.equal(!result.ok && result.error.error, 'temporarily_unavailable');
  });
});

describe('refreshAccessToken', () => {
  it('requests the given scopes, or all that were granted', async (t) => {
    const { exchange, sent } = await openServer(t, json(200, tokens));
    await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope: ['a', 'b'] });
    await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope: null });
    assert.deepEqual(
      sent.map(({ form }) => form),
      [
        { grant_type: 'refresh_token', client_id: 'app', refresh_token: 'rt', scope: 'a b' },
        { grant_type: 'refresh_token', client_id: 'app', refresh_token: 'rt' },
      ],
    );
  });

  it('sends no malformed scope', async (t) => {
    const { exchange, sent } = await openServer(t, json(200, tokens));
    for (const scope of [[], [''], ['a b'], ['"'], Array.from({ length: 101 }, () => 'a')]) {
      const result = await exchange.refreshAccessToken(caller, publicClient, { refreshToken: 'rt', scope });
      assert.equal(!result.ok && result.error.error, 'invalid_scope');
    }
    assert.deepEqual(sent, []);
  });
});

describe('revokeToken', () => {
  it('sends the token', async (t) => {
    const { exchange, sent } = await openServer(t, json(200, ''));
    assert.deepEqual(await exchange.revokeToken(caller, publicClient, 'rt'), { ok: true });
    assert.deepEqual(sent, [{ url: '/revoke', authorization: undefined, form: { client_id: 'app', token: 'rt' } }]);
  });

  it('reports a kind of token that cannot be revoked', async (t) => {
    const { exchange } = await openServer(t, json(400, { error: 'unsupported_token_type' }));
    const result = await exchange.revokeToken(caller, publicClient, 'rt');
    assert.equal(!result.ok && result.error.error, 'unsupported_token_type');
  });
});
