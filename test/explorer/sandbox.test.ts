import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  type Addresses,
  type FrameOperation,
  frameOrigin,
  maxOperationChars,
  readFrameMessage,
} from '../../src/explorer/client/sandbox/frame/messages.ts';
import { afterLoadMs, longestLoadMs, type Reach, watchReach } from '../../src/explorer/client/sandbox/frame/reach.ts';
import {
  type Credential,
  createHandleRequest,
  maxBodyChars,
} from '../../src/explorer/client/sandbox/frame/requests.ts';
import { safeHeaders } from '../../src/explorer/client/sandbox/frame/safe-headers.ts';
import {
  createSubscriptions,
  maxSubscriptions,
  type MessageToFrame,
} from '../../src/explorer/client/sandbox/frame/subscriptions.ts';
import { query, signInFor } from '../support/client.ts';
import { root, until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const addresses: Addresses = {
  endpoint: 'http://localhost:4000/graphql',
  subscriptions: 'ws://localhost:4000/graphql',
};
const operation = {
  name: 'ExplorerRequest',
  operationId: 'id-1',
  operation: '{ viewer { subject } }',
  endpointUrl: addresses.endpoint,
};
const subscription = {
  name: 'ExplorerSubscriptionRequest',
  operationId: 'id-2',
  operation: 'subscription { ticks }',
  subscriptionUrl: addresses.subscriptions,
  protocol: 'graphql-ws',
};

describe('a message of the frame', () => {
  it('is read as an operation with its checked members and nothing else', () => {
    const request = readFrameMessage(
      {
        ...operation,
        operationName: 'Who',
        variables: { a: 1 },
        headers: { Accept: 'application/json', Cookie: 'a=b' },
        includeCookies: true,
        extra: 'x',
      },
      addresses,
    );
    assert.deepEqual(request, {
      kind: 'operation',
      operation: {
        operationId: 'id-1',
        query: operation.operation,
        operationName: 'Who',
        variables: { a: 1 },
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        withheld: ['cookie'],
      },
    });
  });

  it('is read as an introspection query', () => {
    const request = readFrameMessage(
      {
        name: 'IntrospectionQueryWithHeaders',
        operationId: 'id-3',
        introspectionRequestBody: JSON.stringify({ query: '{ __typename }', operationName: null }),
        introspectionRequestHeaders: {},
        sandboxEndpointUrl: addresses.endpoint,
      },
      addresses,
    );
    assert.equal(request.kind, 'introspection');
    assert.equal('operation' in request && request.operation.query, '{ __typename }');
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const elsewhere = 'https://evil.example/graphql';
  for (const [name, message, reason] of [
    ['another address', { ...operation, endpointUrl: elsewhere }, /nowhere else/],
    ['another path', { ...operation, endpointUrl: `${addresses.endpoint}/x` }, /nowhere else/],
    ['a query in the address', { ...operation, endpointUrl: `${addresses.endpoint}?query={a}` }, /nowhere else/],
    ['a name in the address', { ...operation, endpointUrl: 'http://u:p@localhost:4000/graphql' }, /nowhere else/],
    ['no address', { ...operation, endpointUrl: undefined }, /nowhere else/],
    ['an address that is no text', { ...operation, endpointUrl: { toString: () => addresses.endpoint } }, /nowhere/],
    ['no document', { ...operation, operation: undefined }, /no text/],
    ['an object as the document', { ...operation, operation: {} }, /no text/],
    ['an object as the name', { ...operation, operationName: {} }, /name/],
    ['variables that are no object', { ...operation, variables: 'x' }, /variables/],
    ['variables in a circle', { ...operation, variables: cyclic }, /too long/],
    ['a huge document', { ...operation, operation: 'x'.repeat(maxOperationChars + 1) }, /too long/],
    ['huge variables', { ...operation, variables: { a: 'x'.repeat(maxOperationChars) } }, /too long/],
    ['files', { ...operation, fileVariables: [{ variableKey: 'f', files: [] }] }, /no files/],
    ['no operation ID', { ...operation, operationId: undefined }, /no operation ID/],
    ['a huge operation ID', { ...operation, operationId: 'x'.repeat(1_000) }, /no operation ID/],
    ['a WebSocket elsewhere', { ...subscription, subscriptionUrl: 'wss://evil.example/' }, /nowhere else/],
    ['an older protocol', { ...subscription, protocol: 'subscriptions-transport-ws' }, /graphql-ws/],
    ['a subscription over HTTP', { ...subscription, protocol: 'http-multipart' }, /graphql-ws/],
    [
      'an introspection query elsewhere',
      { name: 'IntrospectionQueryWithHeaders', operationId: 'i', sandboxEndpointUrl: elsewhere },
      /nowhere else/,
    ],
    [
      'an introspection query that is no JSON',
      {
        name: 'IntrospectionQueryWithHeaders',
        operationId: 'i',
        introspectionRequestBody: '{',
        sandboxEndpointUrl: addresses.endpoint,
      },
      /no text/,
    ],
  ] as const) {
    it(`is refused with ${name}`, () => {
      const request = readFrameMessage(message, addresses);
      assert.equal(request.kind, 'refused');
      assert.match(request.kind === 'refused' ? request.reason : '', reason);
      assert.doesNotMatch(JSON.stringify(request), /evil/);
    });
  }

  it('is ignored if it would write or read the storage, or open a window', () => {
    for (const message of [
      { name: 'SetPartialAuthenticationTokenForParent', localStorageKey: 'a', partialToken: 'b' },
      { name: 'TriggerLogoutInParent', localStorageKey: 'a' },
      { name: 'ExplorerListeningForPartialToken', localStorageKey: 'a' },
      { name: 'PreflightOAuthRequest', oauthUrl: 'javascript:alert(1)' },
      { name: '__proto__' },
      null,
      undefined,
      'text',
      7,
      [],
      [operation],
    ]) {
      assert.deepEqual(readFrameMessage(message, addresses), { kind: 'ignored' });
    }
  });
});

describe('the headers of the frame', () => {
  it('are only those of the list, once, with a value that fits into one line', () => {
    const { sent, withheld } = safeHeaders({
      Accept: 'application/json',
      AUTHORIZATION: ' Bearer typed ',
      'authorization ': 'Bearer second',
      'Content-Type': 'text/plain',
      Cookie: 'a=b',
      Host: 'evil.example',
      'X-Forwarded-For': '127.0.0.1',
      'x-http-method-override': 'DELETE',
      dpop: 'a\r\nx-smuggled: yes',
      traceparent: { toString: () => 'x' },
      'bad name\r\nx': 'y',
      baggage: 'é',
    });
    assert.deepEqual(sent, {
      accept: 'application/json',
      authorization: 'Bearer typed',
      'content-type': 'application/json',
    });
    assert.equal(withheld.length, 5);
    assert.ok(withheld.every((name) => /^[\w-]+$/.test(name)));
  });

  it('are none if they are no object, or if Authorization is empty', () => {
    for (const headers of [null, undefined, 'x', 7, { authorization: ' ' }]) {
      assert.deepEqual(safeHeaders(headers).sent, { 'content-type': 'application/json' });
    }
  });
});

describe('handleRequest', () => {
  interface Sent {
    readonly url: string;
    readonly init: RequestInit;
    readonly asCaller: boolean;
  }
  function prepare(isSignedIn: boolean) {
    const sent: Sent[] = [];
    const credentials: Credential[] = [];
    const send = (asCaller: boolean) => async (url: string, init: RequestInit) => {
      sent.push({ url, init, asCaller });
      return new Response('{}');
    };
    const handle = createHandleRequest({
      endpoint: addresses.endpoint,
      fetch: send(false),
      fetchAsCaller: () => (isSignedIn ? send(true) : null),
      onCredential: (credential) => credentials.push(credential),
    });
    return { handle, sent, credentials };
  }
  const fine = { method: 'POST', headers: {}, body: '{}' };

  it('sends as the signed-in caller, without cookies and without a redirect', async () => {
    const { handle, sent, credentials } = prepare(true);
    await handle(
      addresses.endpoint,
      Object.assign({ credentials: 'include', mode: 'no-cors', redirect: 'follow' }, fine),
    );
    assert.equal(sent[0]?.asCaller, true);
    const { credentials: cookies, mode, redirect, method } = sent[0].init;
    assert.deepEqual([cookies, mode, redirect, method], ['omit', 'same-origin', 'error', 'POST']);
    assert.deepEqual(credentials, ['caller']);
  });

  it('sends without a token if no caller is signed in', async () => {
    const { handle, sent, credentials } = prepare(false);
    await handle(addresses.endpoint, fine);
    assert.deepEqual([sent[0]?.asCaller, credentials], [false, ['none']]);
  });

  it('respects a header Authorization that a person typed, and says so', async () => {
    const { handle, sent, credentials } = prepare(true);
    await handle(addresses.endpoint, { ...fine, headers: { Authorization: 'Bearer typed' } });
    assert.equal(sent[0]?.asCaller, false);
    assert.equal((sent[0].init.headers as Record<string, string>)['authorization'], 'Bearer typed');
    assert.deepEqual(credentials, ['typed']);
  });

  it('sends nothing to another address, with another method, another body or a huge one', async () => {
    const { handle, sent } = prepare(true);
    for (const [url, changes] of [
      ['https://evil.example/graphql', {}],
      [`${addresses.endpoint}?a`, {}],
      ['/graphql', {}],
      ['', {}],
      [addresses.endpoint, { method: 'GET' }],
      [addresses.endpoint, { method: 'post' }],
      [addresses.endpoint, { body: new FormData() }],
      [addresses.endpoint, { body: undefined }],
      [addresses.endpoint, { body: 'x'.repeat(maxBodyChars + 1) }],
    ] as const) {
      await assert.rejects(handle(url, { ...fine, ...changes }), Error, url);
    }
    assert.deepEqual(sent, []);
  });
});

describe('the reach of the frame', () => {
  function watch(online: boolean) {
    const seen: Reach[] = [];
    let timer: { delayMs: number; run: () => void } | null = null;
    const reach = watchReach({
      isOnline: () => online,
      after(delayMs, run) {
        timer = { delayMs, run };
        return () => {
          timer = null;
        };
      },
      onChange: (now) => seen.push(now),
    });
    return { reach, seen, timer: () => timer };
  }
  const states = (seen: readonly Reach[]) => seen.map(({ state }) => state);

  it('is known from the first message', () => {
    const { reach, seen, timer } = watch(true);
    reach.loaded();
    reach.heard();
    reach.heard();
    assert.deepEqual(states(seen), ['waiting', 'ready']);
    assert.equal(timer(), null);
  });

  it('is missing after a short time without a message, and returns with one', () => {
    const { reach, seen, timer } = watch(true);
    assert.equal(timer()?.delayMs, longestLoadMs);
    reach.loaded();
    assert.equal(timer()?.delayMs, afterLoadMs);
    timer()?.run();
    reach.heard();
    assert.deepEqual(states(seen), ['waiting', 'silent', 'ready']);
  });

  it('is missing at once without a network', () => {
    const { seen, timer } = watch(false);
    assert.equal(timer()?.delayMs, 0);
    timer()?.run();
    assert.deepEqual(seen.at(-1), { state: 'silent', reason: 'This browser has no network connection.' });
  });

  it('is not reported after the end', () => {
    const { reach, seen, timer } = watch(true);
    reach.end();
    reach.loaded();
    timer()?.run();
    reach.heard();
    assert.deepEqual(states(seen), ['waiting']);
  });
});

const config = `export default {
  modules: [{
    name: 'ticker',
    typeDefs: 'type Subscription { ticks: Int @auth }',
    resolvers: { Subscription: { ticks: {
      subscribe: async function* () {
        for (let n = 0; n < 1_000; n++) {
          yield n;
          await new Promise((done) => setTimeout(done, 20));
        }
      },
      resolve: (n) => n,
    } } },
  }],
};`;

describe('with a server', () => {
  let server: TestServer;
  let tokens: { accessToken: string; refreshToken: string };
  before(async () => {
    server = await startTestServer({ config, env: { CLAIMGATE_ALLOWED_ORIGINS: 'https://studio.apollographql.com' } });
    tokens = await signInFor(server.url);
  });
  after(() => server.dispose());

  describe('a browser at the endpoint', () => {
    const get = (accept: string, search = '', init: RequestInit = {}) =>
      fetch(`${server.url}/graphql${search}`, { ...init, headers: { accept, ...(init.headers as object) } });

    it('gets the page, whose scripts and style sheets come from this server, and only the frame does not', async () => {
      const answer = await get('text/html,application/xhtml+xml,*/*;q=0.8');
      const { status, headers } = answer;
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('vary'), 'Authorization, DPoP, Origin, Accept');
      assert.equal(headers.get('x-frame-options'), 'DENY');
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      const policy = (headers.get('content-security-policy') ?? '').split('; ');
      assert.deepEqual(policy, [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        `frame-src ${frameOrigin}`,
        'img-src data:',
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]);
      const html = await answer.text();
      assert.doesNotMatch(html, /apollographql/);
      const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
      assert.ok(files.every((address) => address.startsWith('/explorer/assets/') || address === 'data:,'));
      const script = await fetch(server.url + (files.find((address) => /sandbox-.*js$/.test(address)) ?? ''));
      assert.match(script.headers.get('cache-control') ?? '', /immutable/);
    });

    it('executes nothing of its address, and everything else keeps its answer', async () => {
      const search = `?query=${encodeURIComponent('{ __typename }')}`;
      for (const [accept, kind] of [
        ['text/html', 'page'],
        ['text/html;q=0.9, application/json;q=0.8', 'page'],
        ['text/html, text/event-stream;q=0.5', 'page'],
        ['text/html, */*', 'page'],
        ['text/html, application/json', 'page'],
        ['application/json, text/html', 'answer'],
        ['*/*', 'answer'],
        ['text/html;q=0.5, application/json', 'answer'],
        ['text/html;q=0', 'answer'],
        ['application/graphql-response+json', 'answer'],
      ] as const) {
        const headers = { 'apollo-require-preflight': 'true' };
        const answer = await get(accept, search, { headers });
        const isPage = (await answer.text()).startsWith('<!doctype html>');
        assert.equal(isPage ? 'page' : 'answer', kind, accept);
      }
    });

    it('gets no page with another method, or without a preference for HTML', async () => {
      const head = await get('text/html', '', { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('allow')], [405, 'GET, POST']);
      assert.equal((await get('text/html', '', { method: 'PUT' })).status, 405);
      assert.equal((await get('*/*')).status, 400);
      assert.equal((await get('text/html, application/json')).status, 400);
    });
  });

  describe('the configuration', () => {
    it('explorer: false: the page is there with its files, cannot sign in, and says why', async (t) => {
      const without = await startTestServer({ config: 'export default { explorer: false };' });
      t.after(() => without.dispose());
      const answer = await fetch(`${without.url}/graphql`, { headers: { accept: 'text/html' } });
      const html = await answer.text();
      const settings = JSON.parse(/id="settings">(.*?)<\/script>/.exec(html)?.[1] ?? '');
      assert.deepEqual([settings.explorer, settings.signIn], [false, null]);
      assert.match(settings.signInFault, /explorer: false/);
      const [, script = ''] = /src="([^"]+)"/.exec(html) ?? [];
      assert.equal((await fetch(without.url + script)).status, 200);
      for (const path of ['/explorer', '/explorer/callback']) {
        assert.equal((await fetch(without.url + path)).status, 404);
      }
    });

    it('landingPage: a redirect to the explorer', async (t) => {
      const other = await startTestServer({ config: "export default { landingPage: 'explorer' };" });
      t.after(() => other.dispose());
      const answer = await fetch(`${other.url}/graphql`, { headers: { accept: 'text/html' }, redirect: 'manual' });
      assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/explorer']);
      assert.equal(answer.headers.get('vary'), 'Authorization, DPoP, Origin, Accept');
    });
  });

  describe('a subscription of the frame', () => {
    const made: FrameOperation = {
      operationId: 'id-2',
      query: 'subscription { ticks }',
      operationName: undefined,
      variables: undefined,
      headers: {},
      withheld: [],
    };
    function prepare(authorization: () => Promise<string | null>) {
      const posted: MessageToFrame[] = [];
      const credentials: Credential[] = [];
      const sent: string[] = [];
      class Watched extends WebSocket {
        override send(data: string): void {
          sent.push(data);
          super.send(data);
        }
      }
      const subscriptions = createSubscriptions({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        authorization,
        post: (message) => posted.push(message),
        onCredential: (credential) => credentials.push(credential),
        webSocketImpl: Watched,
      });
      const events = () => posted.filter(({ name }) => name === 'ExplorerSubscriptionResponse');
      return { subscriptions, posted, events, credentials, sent };
    }

    it('runs as the signed-in caller, and no message to the frame contains the token', async () => {
      const { subscriptions, posted, events, credentials } = prepare(async () => `Bearer ${tokens.accessToken}`);
      subscriptions.start(made);
      await until(() => events().length >= 3);
      subscriptions.end('id-2');
      assert.deepEqual((events()[0] as any).response, { data: { data: { ticks: 0 } } });
      assert.deepEqual(credentials, ['caller']);
      assert.doesNotMatch(JSON.stringify(posted), new RegExp(tokens.accessToken.slice(10, 40)));
      await until(() => posted.some(({ status }) => status === 'disconnected'));
    });

    it('runs with the header that a person typed', async () => {
      const { subscriptions, events, credentials } = prepare(async () => 'Bearer wrong');
      subscriptions.start({ ...made, headers: { authorization: `Bearer ${tokens.accessToken}` } });
      await until(() => events().length >= 1);
      subscriptions.end(null);
      assert.deepEqual(credentials, ['typed']);
      assert.ok((events()[0] as any).response.data);
    });

    it('is answered with its error if no caller is signed in', async () => {
      const { subscriptions, events } = prepare(async () => null);
      subscriptions.start(made);
      await until(() => events().length >= 1);
      assert.match((events()[0] as any).response.error.message, /token/i);
    });

    it('continues with a renewed token on the same connection', async () => {
      let token = tokens.accessToken;
      const { subscriptions, events, sent } = prepare(async () => `Bearer ${token}`);
      subscriptions.start(made);
      await until(() => events().length >= 1);
      await subscriptions.renew();
      assert.equal(sent.filter((data) => data.includes('"ping"')).length, 0, 'the token has not changed');
      token = (await signInFor(server.url)).accessToken;
      await subscriptions.renew();
      const count = events().length;
      await until(() => events().length >= count + 3);
      assert.equal(sent.filter((data) => data.includes('"ping"') && data.includes(token)).length, 1);
      assert.equal(sent.filter((data) => data.includes('connection_init')).length, 1);
      subscriptions.end(null);
    });

    it('keeps its token if the caller has none any more', async () => {
      let isSignedIn = true;
      const { subscriptions, events, sent } = prepare(async () => {
        if (!isSignedIn) throw new Error('This caller has ended.');
        return `Bearer ${tokens.accessToken}`;
      });
      subscriptions.start(made);
      await until(() => events().length >= 1);
      isSignedIn = false;
      await subscriptions.renew();
      assert.equal(sent.filter((data) => data.includes('"ping"')).length, 0);
      subscriptions.start({ ...made, operationId: 'id-3' });
      const refused = () => events().find(({ operationId }) => operationId === 'id-3');
      await until(() => refused() !== undefined);
      assert.match((refused() as any).response.error.message, /This caller has ended/);
      subscriptions.end(null);
    });

    it('ends if the caller has signed out, although the server would still accept the token', async () => {
      let token: string | null = tokens.accessToken;
      const { subscriptions, posted, events } = prepare(async () => token && `Bearer ${token}`);
      subscriptions.start(made);
      subscriptions.start({
        ...made,
        operationId: 'typed',
        headers: { authorization: `Bearer ${tokens.accessToken}` },
      });
      await until(() => new Set(events().map(({ operationId }) => operationId)).size === 2);
      token = null;
      await subscriptions.renew();
      const count = events().length;
      assert.deepEqual(events().at(-1)?.['response'], { error: { message: 'The caller has signed out' } });
      await until(() => posted.some(({ status }) => status === 'disconnected'));
      await until(() => events().length >= count + 3);
      // The subscription with a typed header is not that of the caller.
      assert.ok(
        events()
          .slice(count)
          .every(({ operationId }) => operationId === 'typed'),
      );
      subscriptions.end(null);
    });

    it('is refused beyond a fixed number', async () => {
      const { subscriptions, events } = prepare(async () => `Bearer ${tokens.accessToken}`);
      for (let n = 0; n <= maxSubscriptions; n++) subscriptions.start({ ...made, operationId: `id-${n}` });
      const [refusal] = events();
      subscriptions.end(null);
      assert.equal(refusal?.['operationId'], `id-${maxSubscriptions}`);
      assert.match((refusal as any).response.error.message, /At most/);
    });
  });

  describe('the recipe for hosted Sandbox', () => {
    const origin = 'https://studio.apollographql.com';
    const source = readFileSync(join(root, 'test/flows/clients/sandbox-preflight.js'), 'utf8');
    const body = (document: string) => JSON.stringify({ query: document });

    /** Runs the script as Sandbox does: with the documented global `explorer`. */
    async function preflight(environment: Map<string, string>): Promise<number> {
      let requests = 0;
      const explorer = {
        environment: {
          get: (name: string) => environment.get(name),
          set: (name: string, value: string) => void environment.set(name, value),
        },
        fetch: async (url: string, init: RequestInit) => {
          requests += 1;
          return fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), origin } });
        },
      };
      const script = source.replace('http://localhost:4000', server.url);
      const AsyncFunction = (async () => {}).constructor as new (
        ...args: string[]
      ) => (global: typeof explorer) => Promise<void>;
      await new AsyncFunction('explorer', script)(explorer);
      return requests;
    }

    it('gets a token with the refresh token, uses it until it is about to expire, and then renews it', async () => {
      const { refreshToken } = await signInFor(server.url);
      const environment = new Map([
        ['clientId', 'claimgate'],
        ['refreshToken', refreshToken],
      ]);
      assert.equal(await preflight(environment), 1);
      const first = environment.get('accessToken') ?? '';
      const { body: answer } = await query(server.url, '{ viewer { subject } }', { token: first, headers: { origin } });
      assert.ok(answer.data.viewer.subject);
      assert.notEqual(environment.get('refreshToken'), refreshToken);

      assert.equal(await preflight(environment), 0, 'the token is still good');
      environment.set('expiresAt', String(Date.now() + 10_000));
      await sleep(1_000); // Tokens of the same second may be equal.
      assert.equal(await preflight(environment), 1);
      assert.notEqual(environment.get('accessToken'), first);
    });

    it('says why it got no token', async () => {
      const environment = new Map([
        ['clientId', 'claimgate'],
        ['refreshToken', 'wrong'],
      ]);
      await assert.rejects(preflight(environment), /Sign in again: ./);
      assert.equal(environment.has('accessToken'), false);
    });

    it('passes the preflight of the browser for that origin, and of no other', async () => {
      const ask = (from: string) =>
        fetch(`${server.url}/graphql`, {
          method: 'OPTIONS',
          headers: {
            origin: from,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,content-type',
          },
        });
      const { status, headers } = await ask(origin);
      assert.equal(status, 204);
      assert.equal(headers.get('access-control-allow-origin'), origin);
      assert.match(headers.get('access-control-allow-headers') ?? '', /authorization.*content-type/);
      assert.equal((await ask('https://evil.example')).headers.get('access-control-allow-origin'), null);
      assert.equal((await ask(frameOrigin)).headers.get('access-control-allow-origin'), null);
      const read = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: body('{ scopes { name } }'),
      });
      assert.equal(read.headers.get('access-control-allow-origin'), origin);
    });
  });
});
