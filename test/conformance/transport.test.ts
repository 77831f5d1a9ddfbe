import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { serverAudits } from 'graphql-http';
import { query } from '../support/client.ts';
import { sendOnce } from '../support/lane/switch.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const vary = 'Authorization, DPoP, Origin, Accept';
const open = '{ scopes { name } }';

/** A module with a slow resolver. */
const config = `export default {
  modules: [{
    name: 'slow',
    typeDefs: 'extend type Query { slow(ms: Int!): String @public } extend type Mutation { touch: Boolean @public }',
    resolvers: { Query: { slow: (_, { ms }) => {
      console.log('a slow resolver runs');
      return new Promise((done) => setTimeout(() => done('done'), ms));
    } } },
  }],
}`;

let server: TestServer;
let url: string;

before(async () => {
  server = await startTestServer({ config });
  ({ url } = server);
});
after(() => server.dispose());

/** Audits that do not pass, each with its reason. None of them is a MUST or a SHOULD. */
const exempt: Readonly<Record<string, string>> = {
  '5A70': 'a GET that accepts anything and has no header of its own is refused: any page could send it',
};

describe('D-1 GraphQL over HTTP, as graphql-http audits it:', () => {
  for (const { id, name, fn } of serverAudits({ url: () => `${url}/graphql` })) {
    const reason = exempt[id];
    it(`${id} ${name}${reason ? `: no, since ${reason}` : ''}`, async () => {
      const result = await fn();
      assert.equal(result.status, reason ? 'notice' : 'ok', result.status === 'ok' ? '' : result.reason);
    });
  }

  it('an audit that does not pass is not a MUST and not a SHOULD', () => {
    const names = serverAudits({ url }).flatMap(({ id, name }) => (exempt[id] ? [name] : []));
    assert.equal(names.length, Object.keys(exempt).length);
    for (const name of names) assert.match(name, /^MAY /);
  });

  it('a GET with a custom header is answered', async () => {
    const search = new URLSearchParams({ query: 'query ($ms: Int!) { slow(ms: $ms) }', variables: '{"ms":0}' });
    const response = await fetch(`${url}/graphql?${search.toString()}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    assert.deepEqual(await response.json(), { data: { slow: 'done' } });
  });
});

describe('D-2', () => {
  const body = JSON.stringify({ query: open });
  const json = { 'content-type': 'application/json' };

  interface Refused {
    readonly status: number;
    readonly path?: string;
    readonly init: RequestInit;
  }
  const refused: Readonly<Record<string, Refused>> = {
    'a mutation by GET': {
      status: 405,
      path: '/graphql?query=mutation{touch}',
      init: { headers: { 'apollo-require-preflight': '1' } },
    },
    'another method': { status: 405, init: { method: 'PUT', headers: json, body } },
    DELETE: { status: 405, init: { method: 'DELETE' } },
    'an Accept that nothing here fits': {
      status: 406,
      init: { method: 'POST', headers: { ...json, accept: 'text/plain' }, body },
    },
    'a body over the limit': {
      status: 413,
      init: {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ query: open, variables: { a: 'x'.repeat(300_000) } }),
      },
    },
    'a media type that is not understood': {
      status: 415,
      init: { method: 'POST', headers: { 'content-type': 'application/xml' }, body: '<query/>' },
    },
    'plain text': { status: 415, init: { method: 'POST', headers: { 'content-type': 'text/plain' }, body } },
    'a form, as another site could post it': {
      status: 415,
      init: { method: 'POST', body: new URLSearchParams({ query: open }) },
    },
    'a form with files': {
      status: 415,
      init: { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    },
    'no media type': { status: 415, init: { method: 'POST', body: Buffer.from(body) } },
    'malformed JSON': { status: 400, init: { method: 'POST', headers: json, body: '{' } },
    'an empty body': { status: 400, init: { method: 'POST', headers: json, body: '' } },
    'a batch': { status: 400, init: { method: 'POST', headers: json, body: `[${body},${body}]` } },
  };
  for (const [name, { status, path = '/graphql', init }] of Object.entries(refused)) {
    it(`${name} is answered ${status}, in the shape of GraphQL, with a Vary header`, async () => {
      const response = await fetch(url + path, init);
      const content = await response.text();
      assert.equal(response.status, status, content);
      const [error] = JSON.parse(content).errors;
      assert.equal(typeof error.message, 'string');
      assert.equal(typeof error.extensions.code, 'string');
      assert.match(response.headers.get('content-type') ?? '', /^application\/(graphql-response\+)?json/);
      assert.equal(response.headers.get('vary'), vary);
      if (status === 405) assert.match(response.headers.get('allow') ?? '', /POST/);
    });
  }

  it('a refusal has the requested media type', async () => {
    const headers = { 'content-type': 'application/xml', accept: 'application/graphql-response+json' };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '<query/>' });
    assert.match(response.headers.get('content-type') ?? '', /^application\/graphql-response\+json/);
  });

  it('a successful answer has the same Vary header', async () => {
    assert.equal((await query(url, open)).headers.get('vary'), vary);
  });
});

describe('D-4 an address that the caller states for this server is not printed:', () => {
  const evil = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'gopher',
    'x-forwarded-port': '64666',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-prefix': '/evil',
    forwarded: 'host=evil.example;proto=gopher',
    'x-original-host': 'evil.example',
  };

  /** Sends a request with these headers, and returns the whole answer. */
  function get(path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) {
    return new Promise<string>((resolve, reject) => {
      const sent = request(
        new URL(path, url),
        { method: init.method ?? 'GET', headers: { ...evil, ...init.headers } },
        (response) => {
          text(response).then(
            (body) => resolve(`${response.statusCode} ${response.rawHeaders.join('\n')}\n${body}`),
            reject,
          );
        },
      );
      sent.on('error', reject).end(init.body);
    });
  }

  const challenge = 'code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256';
  const authorize = `/oauth/authorize?client_id=claimgate&response_type=code&redirect_uri=http://127.0.0.1/callback&scope=profile&${challenge}`;
  for (const [path, expected] of [
    ['/.well-known/openid-configuration', /"authorization_endpoint":"URL\/oauth\/authorize"/],
    ['/.well-known/oauth-authorization-server', /"issuer":"URL"/],
    ['/.well-known/oauth-protected-resource', /"resource":"URL\/graphql"/],
    [authorize, /^303 [^]*\/interaction\//],
    ['/oauth/authorize?client_id=nobody', /^400 /],
    ['/interaction/none', /^400 /],
    ['/', /^302 /],
    ['/graphql', /^400 /],
    ['/nothing', /^404 /],
  ] as const) {
    it(`${path.split('?')[0]} (${expected.source.slice(0, 30)})`, async () => {
      const answer = await get(path);
      assert.match(answer.replaceAll(url, 'URL'), expected);
      assert.doesNotMatch(answer, /evil|gopher|:64666|203\.0\.113/);
    });
  }

  it('the challenge of a refused operation', async () => {
    const body = JSON.stringify({ query: '{ viewer { subject } }' });
    const answer = await get('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    assert.ok(answer.includes(`resource_metadata="${url}/.well-known/`), answer);
    assert.doesNotMatch(answer, /evil|gopher/);
  });

  it('the landing page for a browser', async () => {
    const answer = await get('/graphql', { headers: { accept: 'text/html' } });
    assert.match(answer, /^200 /);
    assert.doesNotMatch(answer, /evil\.example|gopher/);
  });
});

describe('D-5 SIGTERM', { concurrency: true }, () => {
  it('finishes running requests, accepts no new ones, and ends with exit code 0', async (t) => {
    const stopped = await startTestServer({ config });
    t.after(() => stopped.dispose());
    const slow = sendOnce(() => query(stopped.url, '{ slow(ms: 1000) }'));
    await until(() => stopped.output().includes('a slow resolver runs'));
    const end = stopped.stop();
    await until(() =>
      query(stopped.url, open).then(
        () => false,
        (error: unknown) => String(error).includes('fetch failed'),
      ),
    );
    const { status, body } = await slow;
    assert.deepEqual([status, body], [200, { data: { slow: 'done' } }]);
    assert.equal(await end, 0);
    assert.match(stopped.output(), /"msg":"stopped"/);
  });

  it('ends in time, also if a caller disconnected before the answer', async (t) => {
    const stopped = await startTestServer({ config });
    t.after(() => stopped.dispose());
    const leaving = fetch(`${stopped.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ slow(ms: 1000) }' }),
      signal: AbortSignal.timeout(300),
    });
    await assert.rejects(leaving, { name: 'TimeoutError' });
    // A wrong count of open requests would make the server wait for this idle connection.
    const idle = connect(Number(new URL(stopped.url).port), '127.0.0.1');
    t.after(() => idle.destroy());
    await once(idle, 'connect');
    assert.equal(await stopped.stop(), 0);
  });

  it('does not wait for a connection without a request', async (t) => {
    const stopped = await startTestServer({ config });
    t.after(() => stopped.dispose());
    const idle = connect(Number(new URL(stopped.url).port), '127.0.0.1');
    await once(idle, 'connect');
    const hungUp = once(idle, 'close');
    assert.equal(await stopped.stop(), 0);
    await hungUp;
  });
});
