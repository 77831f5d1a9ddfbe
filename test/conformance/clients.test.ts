import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { query, revoke, sendRaw, signInFor } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { claimsOf, serverKey } from '../support/server-key.ts';
import { openSocket } from '../support/socket.ts';
import { encode, makeKey, sign, type TestKey } from '../support/tokens.ts';

const apps = [
  'capacitor://localhost',
  'ionic://localhost',
  'app://obsidian.md',
  'tauri://localhost',
  'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
  'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
];
const maxBodyBytes = 4_096;
const config = `export default {
  modules: [{
    name: 'ticks',
    typeDefs: 'type Subscription { ticks: Int @public } extend type Mutation { touch: Boolean @public }',
    resolvers: {
      Mutation: { touch: () => true },
      Subscription: { ticks: { subscribe: async function* () { yield 1; }, resolve: (n) => n } },
    },
  }],
}`;

describe('requests of real clients', () => {
  let server: TestServer;
  let token: string;
  before(async () => {
    server = await startTestServer({
      config,
      env: {
        CLAIMGATE_ALLOWED_ORIGINS: apps.join(', '),
        CLAIMGATE_ALLOWED_HEADERS: 'X-Tenant',
        CLAIMGATE_MAX_BODY_BYTES: String(maxBodyBytes),
      },
    });
    token = (await signInFor(server.url, { scope: 'profile' })).accessToken;
  });
  after(() => server.dispose());

  const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    });
  const typeOf = (response: Response) => response.headers.get('content-type')?.split(';')[0];

  describe('G-1 Accept with several types', () => {
    const urql =
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
    /** Accept headers, with whether a query is streamed and whether a subscription is streamed. */
    const cases: readonly [accept: string, query: boolean, subscription: boolean][] = [
      [urql, false, true],
      ['text/event-stream', true, true],
      ['TEXT/Event-Stream; charset=utf-8', true, true],
      ['text/event-stream, application/json', false, true],
      ['application/json;q=0.9, text/event-stream', true, true],
      ['application/json;q=0.9, text/event-stream;q=0.9', false, true],
      ['application/json;q=0.2, application/graphql-response+json, text/event-stream', false, true],
      ['application/json, text/event-stream;q=0.001', false, true],
      ['application/json, text/event-stream;q=0', false, false],
      ['text/*;q=0, text/event-stream', true, true],
      ['text/*, application/json;q=0.5', true, true],
      ['text/event-stream, */*', false, true],
      ['text/event-stream, */*;q=0.5', true, true],
      ['text/event-stream;q=0, */*', false, false],
      ['*/*', false, false],
      ['application/json', false, false],
      ['application/json;profile="a, text/event-stream", */*;q=0.1', false, false],
    ];
    for (const [accept, isQueryStreamed, isSubscriptionStreamed] of cases) {
      it(`G-1 ${accept}: a query is ${isQueryStreamed ? 'streamed' : 'JSON'}, a subscription ${isSubscriptionStreamed ? 'streamed' : 'refused'}`, async () => {
        for (const document of ['{ scopes { name } }', 'mutation { touch }']) {
          const answer = await post(JSON.stringify({ query: document }), { accept });
          const content = await answer.text();
          assert.equal(answer.status, 200, content);
          assert.equal(typeOf(answer) === 'text/event-stream', isQueryStreamed, content);
        }
        const answer = await post(JSON.stringify({ query: 'subscription { ticks }' }), { accept });
        const content = await answer.text();
        assert.equal(answer.status, isSubscriptionStreamed ? 200 : 400, content);
        assert.match(content, isSubscriptionStreamed ? /^event: next\ndata: .*"ticks":1/m : /text\/event-stream/);
      });
    }

    it('G-1 the named operation decides, also for a GET', async () => {
      const document = 'query A { scopes { name } } subscription B { ticks }';
      for (const [operationName, type] of [
        ['A', 'application/graphql-response+json'],
        ['B', 'text/event-stream'],
      ] as const) {
        const posted = await post(JSON.stringify({ query: document, operationName }), { accept: urql });
        assert.equal(typeOf(posted), type, await posted.text());
        const search = new URLSearchParams({ query: document, operationName });
        const headers = { accept: urql, 'apollo-require-preflight': 'x' };
        const got = await fetch(`${server.url}/graphql?${search.toString()}`, { headers });
        assert.equal(typeOf(got), type, await got.text());
      }
    });

    it('G-1 a denied or malformed request has an error status with this Accept', async () => {
      for (const [body, headers, status] of [
        ['{"query":"{ viewer { subject } }"}', {}, 401],
        ['{"query":"{ scopes { name } }"}', { authorization: 'Bearer nonsense' }, 401],
        ['{"query":"{ accounts { nodes { id } } }"}', { authorization: `Bearer ${token}` }, 403],
        ['{"query":"subscription {"}', {}, 400],
        ['{', {}, 400],
      ] as const) {
        const answer = await post(body, { accept: urql, ...headers });
        assert.equal(answer.status, status, body);
        assert.equal(typeOf(answer), 'application/graphql-response+json');
      }
    });

    it('G-1 a refusal never has an excluded media type', async () => {
      const accept = 'application/graphql-response+json;q=0, application/json';
      assert.equal(typeOf(await post('{', { accept })), 'application/json');
    });
  });

  describe('G-1 a query by GET, as urql sends it', () => {
    const address = () => `${server.url}/graphql?query={scopes{name}}`;
    const urql = { accept: 'application/graphql-response+json, application/json, text/event-stream' };
    const cases: readonly [name: string, headers: Record<string, string>, status: number][] = [
      ['outside of a browser', urql, 200],
      ['from a page of ours', { ...urql, 'sec-fetch-site': 'same-origin' }, 200],
      ['from a page of an allowed origin', { ...urql, origin: apps[0] ?? '', 'sec-fetch-site': 'cross-site' }, 200],
      [
        'with a token, which needs a preflight',
        { accept: '*/*', authorization: '', 'sec-fetch-site': 'cross-site' },
        200,
      ],
      ['from a page of another site', { ...urql, 'sec-fetch-site': 'cross-site' }, 400],
      ['from a page of the same site', { ...urql, 'sec-fetch-site': 'same-site' }, 400],
      ['from a page of another origin', { ...urql, origin: 'https://evil.example' }, 400],
      ['as an event source of another origin', { accept: 'text/event-stream', origin: 'https://evil.example' }, 400],
      ['as an image', { accept: 'image/avif,image/*,*/*;q=0.8' }, 400],
      ['as a script', { accept: '*/*' }, 400],
      [
        'as a link that a person follows, with the headers that execute it',
        { accept: 'text/html;q=0.5, application/json', 'sec-fetch-site': 'cross-site' },
        400,
      ],
    ];
    for (const [name, headers, status] of cases) {
      it(`G-1 ${name}: ${status}`, async () => {
        const answer = await fetch(address(), { headers });
        assert.equal(answer.status, status, await answer.text());
      });
    }
    it('G-1 the refusal names the headers with which the GET is executed', async () => {
      const refusal = async (headers: Record<string, string>) => {
        const body = (await (await fetch(address(), { headers })).json()) as any; // The next lines check its form.
        return String(body.errors[0].message);
      };
      const ofCurl = await refusal({ accept: '*/*' });
      const named = [...ofCurl.matchAll(/([\w-]+): ([\w/]+)(?= or | with it)/g)];
      assert.deepEqual(
        named.map(([header]) => header),
        ['Accept: application/json', 'apollo-require-preflight: true'],
      );
      for (const [header, name = '', value = ''] of named) {
        const headers = new Headers({ accept: '*/*' });
        headers.set(name, value);
        assert.equal((await fetch(address(), { headers })).status, 200, header);
      }
      for (const [name, value] of [
        ['sec-fetch-site', 'cross-site'],
        ['origin', 'https://evil.example'],
      ] as const) {
        const ofPage = await refusal({ accept: '*/*', [name]: value });
        assert.match(ofPage, /send the header apollo-require-preflight: true with it/);
      }
    });
    it('G-1 a browser still gets the landing page', async () => {
      const answer = await fetch(address(), {
        headers: { accept: 'text/html,*/*;q=0.8', 'sec-fetch-site': 'cross-site' },
      });
      assert.match(await answer.text(), /<html/i);
    });
  });

  describe('G-2 an empty Authorization', () => {
    it('G-2 counts as none over HTTP, and a scheme alone is malformed', async () => {
      for (const authorization of ['', ' ']) {
        assert.equal((await query(server.url, '{ scopes { name } }', { headers: { authorization } })).status, 200);
        const denied = await query(server.url, '{ viewer { subject } }', { headers: { authorization } });
        assert.equal(denied.body.errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
      }
      for (const authorization of ['Bearer', 'Bearer ', 'DPoP', 'bearer']) {
        const { status, body } = await query(server.url, '{ scopes { name } }', { headers: { authorization } });
        assert.equal(status, 400, authorization);
        assert.equal(body.errors?.[0]?.extensions.code, 'INVALID_REQUEST');
      }
    });

    it('G-2 counts as none for server-sent events', async () => {
      const answer = await post('{"query":"{ scopes { name } }"}', { accept: 'text/event-stream', authorization: '' });
      assert.match(await answer.text(), /"scopes":\[/);
    });

    it('G-2 counts as none in connection_init, also with a token in the upgrade request', async () => {
      for (const authorization of ['', ' ']) {
        const { socket } = await openSocket(server.url, { init: { authorization } });
        socket.close();
      }
      const headers = { authorization: `Bearer ${token}` };
      const signedIn = await openSocket(server.url, { headers, init: { Authorization: '' } });
      signedIn.subscribe('1', '{ viewer { subject } }');
      const [next] = await signedIn.wait(({ type }) => type === 'next');
      assert.ok(next?.payload.data.viewer.subject, JSON.stringify(next));
      signedIn.socket.close();
      const empty = await openSocket(server.url, {
        headers: { authorization: '' },
        init: { authorization: `Bearer ${token}` },
      });
      empty.socket.close();
      assert.match(await refusedInit({ authorization: 'Bearer' }), /^4400 The Authorization header must be/);
    });
  });

  /** Returns the code and reason with which the server closes after `connection_init`. */
  async function refusedInit(payload: Record<string, unknown>): Promise<string> {
    const { socket } = await openSocket(server.url, { init: null });
    const closed = once(socket, 'close');
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    const [code, reason] = await closed;
    assert.ok(reason.length <= 123, String(reason));
    return `${code} ${reason}`;
  }

  describe('G-3 a token elsewhere in connection_init', () => {
    const bearer = 'Bearer some-secret-token';
    const cases: readonly [payload: Record<string, unknown>, place: string][] = [
      [{ headers: { Authorization: bearer } }, 'headers.Authorization'],
      [{ headers: { authorization: bearer } }, 'headers.Authorization'],
      [{ authToken: bearer }, 'authToken'],
      [{ auth_token: bearer }, 'authToken'],
      [{ token: bearer, a: 1 }, 'token'],
      [{ accessToken: bearer }, 'accessToken'],
      [{ context: { headers: { Authorization: bearer } } }, 'context.headers.Authorization'],
      [{ headers: { 'x-auth-token': bearer } }, 'headers.x-auth-token'],
      [{ auth: { token: bearer } }, 'auth.token'],
    ];
    for (const [payload, place] of cases) {
      it(`G-3 ${JSON.stringify(payload)}: the close names ${place} and authorization`, async () => {
        const close = await refusedInit(payload);
        const expected = `4400 ${place} is not read: send "Bearer <token>" as the member authorization of the payload`;
        assert.equal(close, expected);
      });
    }

    it('G-3 other values there are accepted, and so is a token in its place with other members', async () => {
      for (const init of [
        { headers: { 'x-tenant': 'a' } },
        { headers: {}, token: '', authToken: null },
        { authorization: `Bearer ${token}`, headers: { Authorization: bearer } },
      ]) {
        (await openSocket(server.url, { init })).socket.close();
      }
    });

    it('G-3 a payload nested 200 deep is searched only in the usual places', async () => {
      let init: Record<string, unknown> = { token: bearer };
      for (let depth = 0; depth < 200; depth += 1) init = { context: init };
      (await openSocket(server.url, { init })).socket.close();
    });
  });

  describe('G-4 bodies', () => {
    const secret = 'hunter2';
    const good = JSON.stringify({ query: '{ scopes { name } }' });
    const json = { 'content-type': 'application/json' };
    type Body = NonNullable<RequestInit['body']>;
    const cases: Readonly<
      Record<string, readonly [body: Body, headers: Record<string, string>, status: number, message: RegExp]>
    > = {
      'an empty body': ['', json, 400, /^The body is empty: expected a JSON object with the member query$/],
      'white space': [' \n', json, 400, /^The body is empty/],
      'no JSON': [
        `{"query":"{ a }",\n "${secret}": x}`,
        json,
        400,
        /^The body is not JSON: unexpected character at line 2, column 13$/,
      ],
      'single quotes': [
        `{'${secret}':1}`,
        json,
        400,
        /^The body is not JSON: unexpected character at line 1, column 2$/,
      ],
      'a body cut short': [
        `{"query":"${secret}`,
        json,
        400,
        /^The body is not JSON: it ends too early, at line 1, column 18$/,
      ],
      'no UTF-8': [Buffer.from(`{"query":"\xff${secret}"}`, 'latin1'), json, 400, /^The body is not UTF-8/],
      __proto__: [`{"query":"{ a }","variables":{"__proto__":{"${secret}":1}}}`, json, 400, /__proto__/],
      'a batch': [`[${good}]`, json, 400, /^The request is an array, and batches are not answered/],
      'JSON twice': [JSON.stringify(good), json, 400, /^The request is a JSON string.*encoded as JSON twice/],
      null: ['null', json, 400, /^The request is null: expected a JSON object with the member query$/],
      'a number': ['1', json, 400, /^The request is a number/],
      'no query': [
        `{"${secret}":1}`,
        json,
        400,
        /^query: expected the text of an operation as a string, found nothing$/,
      ],
      'a persisted document': ['{"documentId":"x"}', json, 400, /^query: .* Persisted documents are not kept here$/],
      'an empty query': ['{"query":" "}', json, 400, /^query: .*found an empty string$/],
      'a query that is a tree': [
        '{"query":{"kind":"Document"}}',
        json,
        400,
        /^query: expected a string, found an object\. Send the text of the document/,
      ],
      'a query that is a number': ['{"query":1}', json, 400, /^query: expected a string, found a number$/],
      'an operationName that is not a string': [
        '{"query":"{ a }","operationName":1}',
        json,
        400,
        /^operationName: expected a string, found a number$/,
      ],
      'variables as text': [
        `{"query":"{ a }","variables":"{}"}`,
        json,
        400,
        /^variables: expected an object, found a string\. It may have been encoded as JSON twice$/,
      ],
      'variables as an array': [
        `{"query":"{ a }","variables":["${secret}"]}`,
        json,
        400,
        /^variables: expected an object, found an array$/,
      ],
      'extensions that are not an object': [
        `{"query":"{ a }","extensions":true}`,
        json,
        400,
        /^extensions: expected an object, found a boolean$/,
      ],
      'no Content-Type': [
        Buffer.from(good),
        { 'content-type': '' },
        415,
        /^The Content-Type header is missing: expected application\/json$/,
      ],
      'plain text': [
        good,
        { 'content-type': 'text/plain' },
        415,
        /^The body is of the media type text\/plain: send the same body as application\/json$/,
      ],
      'application/graphql': [
        '{ a }',
        { 'content-type': 'application/graphql' },
        415,
        /as the member query of a JSON object/,
      ],
      'a form': [
        'query=x',
        { 'content-type': 'application/x-www-form-urlencoded' },
        415,
        /^The body is of the media type application\/x-www-form-urlencoded/,
      ],
      files: ['--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415, /files are not taken/],
      'another type': [
        good,
        { 'content-type': `application/${secret}` },
        415,
        /^The body is of a media type that is not read here: expected application\/json$/,
      ],
      'another charset': [
        good,
        { 'content-type': 'application/json; charset=utf-16' },
        415,
        /^The charset of the Content-Type is not read here/,
      ],
      gzip: [
        gzipSync(good),
        { ...json, 'content-encoding': 'gzip' },
        415,
        /^Content-Encoding: gzip is not decoded here/,
      ],
      'an unknown encoding': [
        good,
        { ...json, 'content-encoding': `identity, ${secret}` },
        415,
        /^A Content-Encoding is not decoded here/,
      ],
      'a body over the limit': [
        good + ' '.repeat(maxBodyBytes),
        json,
        413,
        /^The body is too large: it may have up to 4096 bytes \(CLAIMGATE_MAX_BODY_BYTES\)$/,
      ],
    };
    for (const [name, [body, headers, status, message]] of Object.entries(cases)) {
      it(`G-4 ${name}: ${status} with a message of its own, without content`, async () => {
        for (const accept of ['application/json', 'text/event-stream']) {
          const answer = await post(body, { ...headers, accept });
          const content = await answer.text();
          assert.equal(answer.status, status, content);
          assert.match(JSON.parse(content).errors[0].message, message);
          assert.ok(!content.includes(secret), content);
          if (headers['content-encoding']) assert.equal(answer.headers.get('accept-encoding'), 'identity');
        }
      });
    }

    it('G-4 each fault has its own message', () => {
      assert.equal(
        new Set(Object.values(cases).map(([, , , message]) => message.source)).size,
        Object.keys(cases).length,
      );
    });

    it('G-4 identity, a byte order mark and a charset of UTF-8 are read', async () => {
      for (const headers of [
        { 'content-encoding': 'identity' },
        { 'content-type': 'application/json;charset=UTF-8' },
        { 'content-type': 'application/json; charset="utf-8"' },
      ]) {
        assert.equal((await post(`\uFEFF${good}`, headers)).status, 200);
      }
      assert.equal((await post(good + ' '.repeat(maxBodyBytes - good.length))).status, 200);
    });

    it('G-4 the limit also holds for a WebSocket message', async () => {
      const { socket, closed } = await openSocket(server.url);
      socket.send(JSON.stringify({ type: 'ping', payload: { padding: 'x'.repeat(maxBodyBytes) } }));
      assert.equal(await closed, 1009);
    });
  });

  describe('G-5 pages', () => {
    const names = ['traceparent', 'tracestate', 'baggage', 'sentry-trace', 'x-tenant', 'authorization'];
    for (const origin of apps) {
      it(`G-5 a preflight from ${origin} allows headers of tracing and of the operator`, async () => {
        for (const path of ['/graphql', '/oauth/token']) {
          const { status, headers } = await fetch(server.url + path, {
            method: 'OPTIONS',
            headers: {
              origin,
              'access-control-request-method': 'POST',
              'access-control-request-headers': names.join(','),
            },
          });
          assert.equal(status, 204);
          assert.equal(headers.get('access-control-allow-origin'), origin);
          const allowed = headers.get('access-control-allow-headers')?.split(', ') ?? [];
          assert.deepEqual(
            names.filter((name) => !allowed.includes(name)),
            [],
          );
        }
      });
    }

    it('G-5 the page of a listed app opens a WebSocket, and the page of another app does not', async () => {
      const { socket } = await openSocket(server.url, { origin: 'capacitor://localhost' });
      socket.close();
      const address = `${server.url.replace('http', 'ws')}/graphql`;
      for (const origin of ['capacitor://evil', 'ionic://localhost:1', 'null', 'file://']) {
        const refused = new WebSocket(address, 'graphql-transport-ws', { origin });
        const [error] = await once(refused, 'error');
        assert.match(error.message, /403/, origin);
      }
    });
  });

  describe('G-6 an old token sent with a token mutation', () => {
    const mutation = `mutation ($input: RefreshAccessTokenInput!) {
      refreshAccessToken(input: $input) { ... on TokenSet { accessToken } ... on OAuthError { error } }
    }`;
    const variables = { input: { clientId: 'claimgate', refreshToken: 'none' } };
    let key: TestKey;
    before(async () => {
      key = await serverKey(server);
    });
    const withClaims = (changes: Record<string, unknown>) => sign(key, { payload: { ...claimsOf(token), ...changes } });
    const past = () => Math.floor(Date.now() / 1_000) - 3_600;

    it('G-6 that has expired is ignored if the operation is only a token mutation', async () => {
      for (const document of [
        mutation,
        `query Other { viewer { subject } } ${mutation.replace('mutation', 'mutation Refresh')}`,
      ]) {
        const operationName = document === mutation ? {} : { operationName: 'Refresh' };
        const answer = await query(server.url, document, {
          variables,
          token: withClaims({ exp: past() }),
          ...operationName,
        });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        assert.deepEqual(answer.body.data, { refreshAccessToken: { error: 'invalid_grant' } });
      }
    });

    it('G-6 that has expired is 401 for any other operation, and the error says that it has expired', async () => {
      const pair = mutation.replace(/}\s*$/, ' touch }');
      for (const document of ['{ scopes { name } }', 'mutation { touch }', pair, '{', `${mutation} {`]) {
        const needed = document.includes('$input') ? { variables } : {};
        const { status, body } = await query(server.url, document, { ...needed, token: withClaims({ exp: past() }) });
        assert.equal(status, 401, document);
        const { code, reason } = body.errors?.[0]?.extensions ?? {};
        assert.deepEqual([code, reason], ['INVALID_TOKEN', 'expired'], document);
      }
    });

    const bad: Readonly<Record<string, () => string>> = {
      nonsense: () => 'expired.or.worse',
      'of a stranger': () => sign(makeKey('ES256', key.kid), { payload: { ...claimsOf(token), exp: past() } }),
      'of an unknown key': () => sign(makeKey(), { payload: { ...claimsOf(token), exp: past() } }),
      'with a changed payload': () => {
        const [head, , signature] = withClaims({ exp: past() }).split('.');
        return [head, encode({ ...claimsOf(token), exp: past(), sub: 'ada' }), signature].join('.');
      },
      unsigned: () => `${withClaims({ exp: past() }).split('.', 2).join('.')}.`,
      'of another issuer': () => withClaims({ exp: past(), iss: 'https://issuer.example' }),
      'for another audience': () => withClaims({ exp: past(), aud: 'https://api.example' }),
      'without a subject': () => withClaims({ exp: past(), sub: undefined }),
      'of another type': () => sign(key, { header: { typ: 'JWT' }, payload: { ...claimsOf(token), exp: past() } }),
      'that begins in the future': () => withClaims({ exp: past(), nbf: past() + 7_200 }),
      'that is bound to a key': () => withClaims({ exp: past(), cnf: { jkt: 'thumbprint' } }),
      'with an expiry that is text': () => withClaims({ exp: String(past()) }),
      'without an expiry': () => withClaims({ exp: undefined }),
    };
    for (const [name, make] of Object.entries(bad)) {
      it(`G-6 A-2 C-18 ${name} is 401, also if it has expired`, async () => {
        const { status, body } = await query(server.url, mutation, { variables, token: make() });
        assert.equal(status, 401, JSON.stringify(body));
        assert.equal(body.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
        assert.notEqual(body.errors?.[0]?.extensions.reason, 'expired');
        assert.match(body.errors?.[0]?.message ?? '', /without an Authorization header/);
      });
    }

    for (const revoked of ['accessToken', 'refreshToken'] as const) {
      it(`G-6 A-2 that was revoked by its ${revoked} is 401, also if it has expired`, async () => {
        const tokens = await signInFor(server.url, { scope: 'profile' });
        await revoke(server.url, { token: tokens[revoked] });
        const late = sign(key, { payload: { ...claimsOf(tokens.accessToken), exp: past() } });
        for (const token of [tokens.accessToken, late]) {
          const { status, body } = await query(server.url, mutation, { variables, token });
          assert.equal(status, 401);
          assert.equal(body.errors?.[0]?.extensions.reason, undefined);
        }
      });
    }
  });

  describe('Upgrade to another protocol', () => {
    const body = '{"query":"{ scopes { name } }"}';
    for (const [protocol, method] of [
      ['h2c', 'POST'],
      ['TLS/1.2', 'POST'],
      ['websocket', 'POST'],
    ] as const) {
      it(`Upgrade: ${protocol} with a ${method}, as Java's HttpClient sends h2c, is answered as if it were not there`, async () => {
        const head = [
          `${method} /graphql HTTP/1.1`,
          'Connection: Upgrade, HTTP2-Settings, close',
          `Content-Length: ${body.length}`,
          `Host: ${new URL(server.url).host}`,
          'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
          `Upgrade: ${protocol}`,
          'Content-Type: application/json',
        ];
        const answer = await sendRaw(server.url, `${head.join('\r\n')}\r\n\r\n${body}`);
        assert.match(answer, /^HTTP\/1\.1 200 /);
        assert.match(answer, /"scopes":\[/);
      });
    }

    it('a form posted to the token endpoint with Upgrade: h2c keeps its body', async () => {
      const form = 'grant_type=refresh_token&client_id=claimgate&refresh_token=none';
      const head = [
        'POST /oauth/token HTTP/1.1',
        'Connection: Upgrade, HTTP2-Settings, close',
        `Content-Length: ${form.length}`,
        `Host: ${new URL(server.url).host}`,
        'Upgrade: h2c',
        'Content-Type: application/x-www-form-urlencoded',
      ];
      const answer = await sendRaw(server.url, `${head.join('\r\n')}\r\n\r\n${form}`);
      assert.match(answer, /"invalid_grant"/);
    });
  });
});
