import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { createClient, type Client } from 'graphql-ws';
import { getIntrospectionQuery } from 'graphql';
import { WebSocket } from 'ws';
import { exampleQuery, identityApiOfExamples } from '../../../src/api/names/own-names.ts';
import { pageDocuments } from '../../../src/explorer/page-documents.ts';
import { registerApplication, signInFor } from '../../support/client.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { openSocket } from '../../support/socket.ts';
import { configWith, ids, sha256, texts, writeManifests } from './support.ts';

interface Answer {
  readonly status: number;
  readonly body: any; // The form depends on the test.
}

const read = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: JSON.parse(await response.text()),
});

const post = async (
  server: TestServer,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  read(
    await fetch(`${server.own}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

/** Sends a request two times. The lane answers the second one, if it can. */
const twice = async (...args: Parameters<typeof post>): Promise<Answer> => {
  const first = await post(...args);
  assert.deepEqual(await post(...args), first);
  return first;
};

const get = async (server: TestServer, parameters: Readonly<Record<string, string>>): Promise<Answer> =>
  read(
    await fetch(`${server.own}/graphql?${new URLSearchParams(parameters).toString()}`, {
      headers: { accept: 'application/graphql-response+json, application/json' },
    }),
  );

const events = async (server: TestServer, body: unknown): Promise<string> => {
  const response = await fetch(`${server.own}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
  });
  return response.text();
};

const apq = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const codeOf = ({ body }: Answer): unknown => body.errors?.[0]?.extensions?.code;
const hi = { data: { hello: 'hi', __typename: 'Query' } };

/** The ways in which clients send an ID. */
const ways: Readonly<Record<string, (id: string) => Record<string, unknown>>> = {
  'extensions.persistedQuery of Apollo': apq,
  documentId: (id) => ({ documentId: id }),
  'documentId with sha256:': (id) => ({ documentId: `sha256:${id}` }),
  'doc_id of Relay': (id) => ({ doc_id: id }),
  'id of Relay': (id) => ({ id, query: null }),
};

const manifests = await writeManifests();
const metricsToken = 'a metrics token of more than 32 characters';
let beside: TestServer;
let only: TestServer;
let freeToken: string;
/** A token of a client that is not free. */
let token: string;

before(async () => {
  [beside, only] = await Promise.all([
    startTestServer({
      config: configWith({ manifests: manifests.manifests }),
      env: { CLAIMGATE_METRICS_TOKEN: metricsToken },
    }),
    startTestServer({
      config: configWith({
        manifests: manifests.manifests,
        only: true,
        freeClients: ['claimgate'],
        maxAgeSeconds: 60,
      }),
    }),
  ]);
  // The sign-in sends a token mutation by its text.
  freeToken = (await signInFor(only.url, { scope: 'profile applications' })).accessToken;
  const application = await registerApplication(only.url, freeToken);
  token = (await signInFor(only.url, { scope: 'profile', ...application })).accessToken;
});
after(async () => {
  await beside?.dispose();
  await only?.dispose();
  await rm(manifests.folder, { recursive: true });
});

for (const mode of ['beside', 'only'] as const) {
  const server = () => (mode === 'beside' ? beside : only);

  describe(`I17-6 trusted documents, ${mode}`, () => {
    for (const [way, request] of Object.entries(ways)) {
      it(`I17-6 are found by ${way}, over POST, GET, events and WebSocket`, async () => {
        assert.deepEqual(await twice(server(), request(ids.hello)), { status: 200, body: hi });
        const variables = { text: 'a "text"' };
        const answer = await twice(server(), { ...request(ids.echo), variables, operationName: 'Echo' });
        assert.deepEqual(answer.body, { data: { echo: 'a "text"' } });
        const parameters = Object.entries({ ...request(ids.echo), variables }).flatMap(([name, value]) =>
          value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
        );
        assert.deepEqual((await get(server(), Object.fromEntries(parameters))).body, { data: { echo: 'a "text"' } });
        assert.match(await events(server(), request(ids.ticks)), /"ticks":1/);
        const socket = await openSocket(server().own);
        socket.send({ id: '1', type: 'subscribe', payload: request(ids.ticks) });
        socket.send({ id: '2', type: 'subscribe', payload: { query: '', ...request(ids.hello), variables: {} } });
        const next = await socket.wait(({ type }) => type === 'next', 2);
        assert.deepEqual(
          next.map(({ payload }) => JSON.stringify(payload)).sort(),
          [JSON.stringify(hi), '{"data":{"ticks":1}}'].sort(),
        );
        socket.socket.terminate();
      });
    }

    it('I17-6 are found from graphql-ws', async () => {
      const client: Client = createClient({
        url: `${server().own.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
      });
      const results: unknown[] = [];
      for await (const result of client.iterate({ query: '', ...apq(ids.hello) })) results.push(result);
      assert.deepEqual(results, [hi]);
      await client.dispose();
    });

    it('I17-6 keep their rules: a guarded document needs its token', async () => {
      const refused = await twice(server(), { documentId: ids.secret });
      assert.equal(codeOf(refused), 'UNAUTHENTICATED');
      if (mode === 'beside') return;
      const answer = await twice(server(), { documentId: ids.secret }, { authorization: `Bearer ${token}` });
      assert.deepEqual(answer.body, { data: { secret: 'secret' } });
    });

    it('I17-6 a mutation is executed by POST and refused by GET', async () => {
      assert.deepEqual((await twice(server(), { id: ids.touch })).body, { data: { touch: true } });
      const refused = await get(server(), { documentId: ids.touch });
      assert.equal(refused.status, 405);
    });

    it('I17-6 a text beside an ID must be the text of the ID', async () => {
      const { body } = await twice(server(), { query: texts.hello, ...apq(ids.hello) });
      assert.deepEqual(body, hi);
      for (const request of [
        { query: '{ hello }', documentId: ids.hello },
        { query: '{ hello }', ...apq(ids.hello) },
        { query: texts.hello, documentId: 'other' },
        { documentId: ids.hello, id: ids.echo },
      ]) {
        const answer = await twice(server(), request);
        assert.deepEqual([answer.status, codeOf(answer)], [400, 'BAD_REQUEST'], JSON.stringify(request));
      }
    });

    it('I17-6 an ID of another form is refused or not found, and not repeated', async () => {
      const unknown = mode === 'beside' ? 'PERSISTED_QUERY_NOT_FOUND' : 'PERSISTED_QUERY_NOT_IN_LIST';
      for (const id of [
        '__proto__',
        'constructor',
        'toString',
        ids.hello.slice(1),
        ids.hello.toUpperCase(),
        'x'.repeat(100_000),
      ]) {
        for (const request of [apq(id), { documentId: id }, { doc_id: id }, { id }]) {
          const answer = await twice(server(), request);
          assert.equal(codeOf(answer), unknown, id.slice(0, 80));
          assert.ok(!JSON.stringify(answer).includes(id.slice(0, 80)));
        }
      }
      for (const request of [
        { documentId: 5 },
        { id: {} },
        { doc_id: '' },
        apq(null),
        { extensions: { persistedQuery: 'x' } },
        { extensions: { persistedQuery: { version: 2, sha256Hash: ids.hello } } },
        [{ documentId: ids.hello }],
        `{"__proto__":{"documentId":"${ids.hello}"}}`,
      ]) {
        const answer = await twice(server(), request);
        assert.deepEqual([answer.status, codeOf(answer)], [400, 'BAD_REQUEST'], JSON.stringify(request));
      }
      const headers = { 'x-document-id': ids.hello, 'x-apollo-operation-id': ids.hello };
      assert.equal(codeOf(await twice(server(), {}, headers)), 'BAD_REQUEST');
      const { status } = await post(server(), apq('f'.repeat(64)), { accept: 'application/graphql-response+json' });
      assert.equal(status, 400);
    });

    it('I17-6 an unknown ID over a WebSocket ends its operation and not the socket', async () => {
      const socket = await openSocket(server().own);
      socket.send({ id: '1', type: 'subscribe', payload: { documentId: 'unknown' } });
      socket.send({ id: '2', type: 'subscribe', payload: { documentId: ids.hello } });
      const [error] = await socket.wait(({ type }) => type === 'error');
      assert.match(JSON.stringify(error), /PERSISTED_QUERY_NOT_/);
      await socket.wait(({ type }) => type === 'next');
      socket.socket.terminate();
    });

    it('I17-6 the log has neither the text nor the ID of a document', () => {
      for (const text of [texts.hello, 'Hello', ids.hello]) assert.ok(!server().output().includes(text), text);
    });
  });
}

describe('I17-6 beside free documents', () => {
  it('I17-6 a free text is executed, and a hash beside it is not registered', async () => {
    const query = '{ hello }';
    assert.deepEqual((await twice(beside, { query })).body, { data: { hello: 'hi' } });
    assert.deepEqual((await twice(beside, { query, ...apq(sha256(query)) })).body, { data: { hello: 'hi' } });
    const answer = await twice(beside, apq(sha256(query)));
    assert.deepEqual([answer.status, answer.body.errors[0].message], [200, 'PersistedQueryNotFound']);
  });

  it('I17-6 the lane answers a document by its ID', async () => {
    const count = async () => {
      const response = await fetch(`${beside.own}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
      return Number(
        /^claimgate_lane_requests_total\{outcome="answered"\} (\d+)$/m.exec(await response.text())?.[1] ?? 0,
      );
    };
    await twice(beside, { documentId: ids.hello });
    const before = await count();
    await twice(beside, { documentId: ids.hello });
    assert.equal((await count()) - before, process.env['TEST_LANE'] === 'off' ? 0 : 2);
  });
});

describe('I17-6 GET of trusted documents and caches', () => {
  const cached = async (server: TestServer, parameters: Readonly<Record<string, string>>, headers = {}) => {
    const address = `${server.own}/graphql?${new URLSearchParams(parameters).toString()}`;
    const response = await fetch(address, { headers: { accept: 'application/json', ...headers } });
    await response.text();
    assert.equal(response.headers.get('vary'), 'Authorization, DPoP, Origin, Accept');
    return response.headers.get('cache-control');
  };

  it('I17-6 only a public query by its ID, without a token and without errors, may be stored', async () => {
    assert.equal(await cached(beside, { documentId: ids.hello }), 'public, max-age=0, must-revalidate');
    assert.equal(await cached(only, { documentId: ids.hello }), 'public, max-age=60');
    const variables = JSON.stringify({ text: 'a' });
    assert.equal(await cached(only, { id: ids.echo, variables }), 'public, max-age=60');
    assert.equal(await cached(only, { id: ids.echo, query: texts.echo, variables }), 'public, max-age=60');
    const authorization = `Bearer ${token}`;
    assert.equal(await cached(only, { documentId: ids.hello }, { authorization }), 'no-store');
    assert.equal(await cached(only, { documentId: ids.secret }, { authorization }), 'no-store');
    for (const parameters of [
      { documentId: ids.secret },
      { documentId: ids.echo },
      { documentId: ids.touch },
      { documentId: 'unknown' },
      { query: texts.hello },
    ]) {
      assert.equal(await cached(only, parameters), 'no-store', JSON.stringify(parameters));
    }
  });
});

describe('I17-6 only trusted documents', () => {
  const free = '{ hello }';

  it('I17-6 refuses a text and an ID with the codes and statuses of the guide, and plain curl with what to send', async () => {
    const json = 'application/json';
    const accepted = 'application/graphql-response+json';
    for (const [request, code, asJson, otherwise] of [
      [{ query: free }, 'QUERY_NOT_IN_SAFELIST', 403, 403],
      [{ documentId: 'unknown' }, 'PERSISTED_QUERY_NOT_IN_LIST', 200, 400],
    ] as const) {
      for (const [accept, status] of [
        [json, asJson],
        [accepted, otherwise],
      ] as const) {
        const answer = await post(only, request, { accept });
        assert.deepEqual([answer.status, codeOf(answer)], [status, code]);
        assert.match(answer.body.errors[0].message, /: (?:send|deploy) .*[^.]$/);
      }
    }
    const address = `${only.own}/graphql?documentId=${ids.hello}`;
    const refused = await read(await fetch(address, { headers: { accept: '*/*' } }));
    assert.equal(refused.status, 400);
    assert.match(refused.body.errors[0].message, /send the header Accept: application\/json or /);
    assert.equal((await fetch(address, { headers: { accept: json } })).status, 200);
  });

  it('I17-6 refuses another text over every transport, before it is parsed', async () => {
    for (const query of [free, '{ nothing', '{ helo }', `${texts.hello} `, '{ __schema { types { name } } hello }']) {
      const answer = await twice(only, { query });
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'QUERY_NOT_IN_SAFELIST'], query);
      assert.equal((await get(only, { query })).status, 403);
      assert.match(await events(only, { query }), /QUERY_NOT_IN_SAFELIST/);
      const socket = await openSocket(only.own);
      socket.subscribe('1', query);
      const [error] = await socket.wait(({ type }) => type === 'error');
      assert.match(JSON.stringify(error), /QUERY_NOT_IN_SAFELIST/);
      socket.socket.terminate();
    }
    const retried = await twice(only, { query: free, ...apq(sha256(free)) });
    assert.equal(codeOf(retried), 'QUERY_NOT_IN_SAFELIST');
    const answer = await twice(only, { query: free }, { authorization: `Bearer ${token}` });
    assert.equal(codeOf(answer), 'QUERY_NOT_IN_SAFELIST');
  });

  it('I17-6 executes every document of a free client, over every transport', async () => {
    const authorization = `Bearer ${freeToken}`;
    assert.deepEqual((await twice(only, { query: '{ a: hello }' }, { authorization })).body, { data: { a: 'hi' } });
    // The lane knows the document now. Another caller is still refused.
    assert.equal(codeOf(await twice(only, { query: '{ a: hello }' })), 'QUERY_NOT_IN_SAFELIST');
    assert.equal(
      codeOf(await twice(only, { query: '{ a: hello }' }, { authorization: `Bearer ${token}` })),
      'QUERY_NOT_IN_SAFELIST',
    );
    const socket = await openSocket(only.own, { init: { authorization } });
    socket.subscribe('1', '{ a: hello }');
    await socket.wait(({ type }) => type === 'next');
    socket.socket.terminate();
  });

  it('I17-6 executes the unchanged text of a trusted document', async () => {
    assert.deepEqual((await twice(only, { query: texts.hello })).body, hi);
  });

  it('I17-6 the examples of the start and of Apollo Sandbox run', async () => {
    const identityApi = identityApiOfExamples({ identityApi: true, trustedDocuments: { only: true } });
    assert.equal((await post(only, { query: exampleQuery(identityApi, 'viewer', 'subject') })).status, 200);
    const page = await (await fetch(`${only.own}/graphql`, { headers: { accept: 'text/html' } })).text();
    const example = JSON.parse(/"firstDocument":("(?:\\.|[^"\\])*")/.exec(page)?.[1] ?? '""');
    assert.match(example, /__typename/);
    assert.equal((await post(only, { query: example })).status, 200);
  });

  it('I17-6 executes the documents of the pages by their exact text', async () => {
    for (const query of pageDocuments('')) {
      const { body } = await post(only, { query });
      assert.notEqual(body.errors?.[0]?.extensions.code, 'QUERY_NOT_IN_SAFELIST', query);
      assert.equal(codeOf(await post(only, { query: `${query} ` })), 'QUERY_NOT_IN_SAFELIST');
    }
  });

  it('I17-6 executes introspection, schemaRules and the token mutations', async () => {
    const { body } = await twice(only, { query: getIntrospectionQuery() });
    assert.ok(body.data.__schema);
    const rules = await twice(only, { query: '{ rules: schemaRules(first: 1) { endCursor } }' });
    assert.ok(rules.body.data.rules);
    const refresh = `mutation Any($input: RefreshAccessTokenInput!) {
      refreshAccessToken(input: $input) { ... on OAuthError { error } }
    }`;
    const input = { clientId: 'unknown', refreshToken: 'unknown' };
    const answer = await post(only, { query: refresh, variables: { input } });
    assert.ok(answer.body.data.refreshAccessToken.error, JSON.stringify(answer.body));
    const more = await post(only, { query: refresh.replace('}\n    }', '}\n touch }'), variables: { input } });
    assert.equal(codeOf(more), 'QUERY_NOT_IN_SAFELIST');
  });
});
