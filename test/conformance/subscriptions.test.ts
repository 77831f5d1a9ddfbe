import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { createClient as createEventClient } from 'graphql-sse';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { query, refreshMutation, signInFor } from '../support/client.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
export default {
  lifetimes: { access: 4 },
  modules: [{
    name: 'ticker',
    typeDefs: \`
      type Tick { n: Int! mine: Int @auth(scope: "profile") theirs: Int @auth(scope: "applications") }
      extend type Query { hello: String @public me: String @auth }
      extend type Mutation { count: Int @auth(scope: "profile") }
      type Subscription {
        ticks(every: Int!): Tick @auth(scope: "profile")
        open(every: Int!): Tick @public
        other: Tick @auth(scope: "applications")
      }
    \`,
    resolvers: {
      Query: { hello: () => 'hello', me: (_, __, { principal }) => principal.subject },
      Mutation: { count: () => 1 },
      Subscription: Object.fromEntries(['ticks', 'open', 'other'].map((name) => [name, {
        subscribe: async function* (_, { every = 10 }) { for (let n = 0; ; n++) { yield { n, mine: n, theirs: n }; await sleep(every); } },
        resolve: (tick) => tick,
      }])),
    },
  }],
};
`;

type Result = { data?: any; errors?: readonly { message: string; extensions?: any }[] };

/** Collects the results of an operation, until its end or up to a number of results. */
async function collect(results: AsyncIterable<unknown>, most = Number.POSITIVE_INFINITY): Promise<readonly Result[]> {
  const collected: Result[] = [];
  for await (const result of results) {
    collected.push(result as Result);
    if (collected.length >= most) break;
  }
  return collected;
}

describe('subscriptions', () => {
  let server: TestServer;
  const clients: Client[] = [];
  before(async () => {
    server = await startTestServer({ config });
  });
  after(async () => {
    for (const client of clients) await client.dispose();
    await server.dispose();
  });

  const address = () => `${server.url.replace('http:', 'ws:').replace('localhost', '127.0.0.1')}/graphql`;
  const tokenFor = async (scope = 'openid profile') => (await signInFor(server.url, { scope })).accessToken;

  /** Opens a client, and returns the code with which its socket is closed. */
  function connect(connectionParams?: Record<string, unknown>): { client: Client; closed: Promise<number> } {
    const { promise: closed, resolve } = Promise.withResolvers<number>();
    const client = createClient({
      url: address(),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: true,
      ...(connectionParams && { connectionParams }),
      on: { closed: (event) => resolve((event as { code: number }).code) },
    });
    clients.push(client);
    return { client, closed };
  }

  /** Opens a socket without a GraphQL library. */
  async function open(headers: Record<string, string> = {}): Promise<{ socket: WebSocket; closed: Promise<number> }> {
    const socket = new WebSocket(address(), 'graphql-transport-ws', { headers });
    const closed = once(socket, 'close').then(([code]) => code as number);
    closed.catch(() => {});
    await once(socket, 'open');
    return { socket, closed };
  }

  it('B-19 an operation before connection_init closes the socket with 4401', async () => {
    const { socket, closed } = await open();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } }));
    assert.equal(await closed, 4401);
  });

  it('events arrive over WebSocket, each is decided, and denied parts are reported', async () => {
    const { client } = connect({ Authorization: `Bearer ${await tokenFor()}` });
    const results = await collect(client.iterate({ query: 'subscription { ticks(every: 5) { n mine } }' }), 3);
    assert.deepEqual(
      results.map(({ data }) => data.ticks),
      [0, 1, 2].map((n) => ({ n, mine: n })),
    );
  });

  it('B-13 a subscription with a denied part does not begin', async () => {
    const { client } = connect({ authorization: `Bearer ${await tokenFor()}` });
    for (const document of [
      'subscription { other { n } }',
      'subscription { ticks(every: 5) { ...F } } fragment F on Tick { theirs }',
    ]) {
      await assert.rejects(collect(client.iterate({ query: document })), (errors: any) => {
        assert.equal(errors[0].extensions.code, 'FORBIDDEN');
        assert.equal(errors[0].extensions.http, undefined);
        return true;
      });
    }
  });

  it('without a token, only public fields are answered', async () => {
    const { client } = connect();
    assert.equal((await collect(client.iterate({ query: 'subscription { open(every: 5) { n } }' }), 2)).length, 2);
    assert.deepEqual(await collect(client.iterate({ query: '{ hello }' })), [{ data: { hello: 'hello' } }]);
    await assert.rejects(collect(client.iterate({ query: '{ me }' })), (errors: any) => {
      assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
      return true;
    });
  });

  it('queries and mutations run over WebSocket as over HTTP; token mutations do not', async () => {
    const { client } = connect({ authorization: `Bearer ${await tokenFor()}` });
    const [me] = await collect(client.iterate({ query: '{ me }' }));
    assert.equal(typeof me?.data.me, 'string');
    assert.deepEqual(await collect(client.iterate({ query: 'mutation { count }' })), [{ data: { count: 1 } }]);
    const variables = { input: { clientId: 'claimgate', refreshToken: 'x' } };
    await assert.rejects(collect(client.iterate({ query: refreshMutation, variables })), (errors: any) => {
      assert.equal(errors[0].extensions.code, 'TOKEN_MUTATION_LIMIT');
      return true;
    });
  });

  for (const [name, parameters, code] of [
    ['a bad token', { authorization: 'Bearer nonsense' }, 4401],
    ['A-15 the DPoP scheme', { authorization: 'DPoP x.y.z' }, 4400],
    ['a credential that is not a string', { authorization: 5 }, 4400],
    ['two credentials', { authorization: 'Bearer a', Authorization: 'Bearer b' }, 4400],
  ] as const) {
    it(`${name} in connection_init closes the socket with ${code}`, async () => {
      const { socket, closed } = await open();
      socket.send(JSON.stringify({ type: 'connection_init', payload: parameters }));
      assert.equal(await closed, code);
    });
  }

  it('the header of the upgrade is a credential too, but not together with another one', async () => {
    const headers = { authorization: `Bearer ${await tokenFor()}` };
    const { socket } = await open(headers);
    socket.send(JSON.stringify({ type: 'connection_init' }));
    assert.match(String((await once(socket, 'message'))[0]), /connection_ack/);
    socket.close();
    const second = await open(headers);
    second.socket.send(JSON.stringify({ type: 'connection_init', payload: headers }));
    assert.equal(await second.closed, 4400);
  });

  it('a page of another origin may not open a socket; one of ours may', async () => {
    await assert.rejects(open({ origin: 'https://elsewhere.example' }), /403/);
    const { socket } = await open({ origin: server.url });
    socket.close();
  });

  it('B-19 the expiry of the token ends the subscription and closes the socket with 4401', async () => {
    const { client, closed } = connect({ authorization: `Bearer ${await tokenFor()}` });
    const results = collect(client.iterate({ query: 'subscription { ticks(every: 3600000) { n } }' }));
    results.catch(() => {});
    assert.equal(await closed, 4401);
  });

  it('A-11 B-19 the revocation of the grant closes the socket within two seconds', async () => {
    const { accessToken, refreshToken } = await signInFor(server.url, { scope: 'openid profile offline_access' });
    const { client, closed } = connect({ authorization: `Bearer ${accessToken}` });
    const results = client.iterate({ query: 'subscription { ticks(every: 20) { n } }' });
    await results.next();
    collect(results).catch(() => {});
    const input = { clientId: 'claimgate', token: refreshToken };
    const mutation = 'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { __typename } }';
    await query(server.url, mutation, { variables: { input } });
    let code: number | null = null;
    void closed.then((found) => (code = found));
    await until(() => code !== null, 2_000);
    assert.equal(code, 4401);
  });

  it('B-19 a ping with a new token of the same person renews the connection; the pong does not repeat it', async () => {
    const { socket, closed } = await open();
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${await tokenFor()}` } }));
    const started = Date.now();
    const renew = async () => {
      const authorization = `Bearer ${await tokenFor()}`;
      socket.send(JSON.stringify({ type: 'ping', payload: { authorization } }));
    };
    const timer = setInterval(() => void renew(), 2_000);
    const ended = await Promise.race([closed, new Promise<null>((resolve) => setTimeout(resolve, 11_500, null))]);
    clearInterval(timer);
    assert.equal(ended, null, `closed after ${Date.now() - started} ms`);
    assert.ok(messages.includes('{"type":"pong"}'));
    assert.ok(messages.every((message) => !message.includes('Bearer')));
    socket.send(JSON.stringify({ type: 'ping', payload: { authorization: 'Bearer nonsense' } }));
    assert.equal(await closed, 4401);
  });

  it('a message over the limit closes the socket', async () => {
    const { socket, closed } = await open();
    socket.send(JSON.stringify({ type: 'connection_init', payload: { padding: 'x'.repeat(300_000) } }));
    assert.equal(await closed, 1009);
  });

  describe('server-sent events', () => {
    const events = (token?: string) =>
      createEventClient({
        url: `${server.url}/graphql`,
        retryAttempts: 0,
        ...(token && { headers: { authorization: `Bearer ${token}` } }),
      });

    it('events arrive, and each is decided', async () => {
      const client = events(await tokenFor());
      const results = await collect(client.iterate({ query: 'subscription { ticks(every: 5) { n mine } }' }), 3);
      assert.deepEqual(results[2]?.data.ticks, { n: 2, mine: 2 });
      client.dispose();
    });

    it('a denied subscription is reported and does not begin', async () => {
      const [result] = await collect(events().iterate({ query: 'subscription { other { n } }' }));
      assert.equal(result?.errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
    });

    it('a subscription without a streaming Accept gets a message that says how to ask', async () => {
      const { status, body } = await query(server.url, 'subscription { open(every: 5) { n } }');
      assert.equal(status, 400);
      assert.match(body.errors?.[0]?.message ?? '', /text\/event-stream/);
    });

    it('A-2 a bad token is answered 401 with a challenge', async () => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: 'Bearer nonsense' },
        body: JSON.stringify({ query: 'subscription { open(every: 5) { n } }' }),
      });
      assert.equal(response.status, 401);
      assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
      assert.equal(((await response.json()) as Result).errors?.[0]?.extensions.code, 'INVALID_TOKEN');
    });

    it('A-15 a token that is bound to a key is refused, because a proof is for one request', async () => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          accept: 'text/event-stream',
          'content-type': 'application/json',
          authorization: 'DPoP x',
          dpop: 'y',
        },
        body: JSON.stringify({ query: '{ hello }' }),
      });
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as Result).errors?.[0]?.extensions.code, 'INVALID_REQUEST');
    });

    it('B-19 the expiry of the token ends the stream with an event that says so', async () => {
      const client = events(await tokenFor());
      const results = await collect(client.iterate({ query: 'subscription { ticks(every: 3600000) { n } }' }));
      assert.equal(results.at(-1)?.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
      client.dispose();
    });

    it('D-2 a mutation by GET is refused, and the answer has the right Vary header', async () => {
      const url = `${server.url}/graphql?query=${encodeURIComponent('mutation { count }')}`;
      const response = await fetch(url, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${await tokenFor()}` },
      });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('vary'), 'Authorization, DPoP, Origin, Accept');
    });
  });

  it('D-5 SIGTERM ends streams and sockets, and the server stops', async () => {
    const { client, closed } = connect();
    const results = client.iterate({ query: 'subscription { open(every: 3600000) { n } }' });
    const events = createEventClient({ url: `${server.url}/graphql`, retryAttempts: 0 });
    const streaming = events.iterate({ query: 'subscription { open(every: 3600000) { n } }' });
    await Promise.all([results.next(), streaming.next()]);
    collect(results).catch(() => {});
    const streamed = collect(streaming);
    const from = performance.now();
    await server.stop();
    assert.equal(await closed, 1001);
    assert.equal((await streamed).at(-1)?.errors?.[0]?.extensions.code, 'SERVER_STOPPING');
    assert.ok(performance.now() - from < 5_000);
  });
});
