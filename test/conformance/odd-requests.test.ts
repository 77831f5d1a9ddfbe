import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openSocket } from '../support/socket.ts';

const config = `export default {
  modules: [{
    name: 'echo',
    typeDefs: 'type Query { echo(text: String): String @public }',
    resolvers: { Query: { echo: (_, { text }) => text ?? 'nothing' } },
  }],
}`;

/** Requests that clients, tools and proxies send according to public bug reports. */
describe('unusual requests that real clients send', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config });
  });
  after(() => server.dispose());

  const json = { 'content-type': 'application/json' };
  const post = (body: unknown, headers: Record<string, string> = {}, path = '/graphql') =>
    fetch(server.url + path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
  const get = (search: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql?${search}`, { headers: { accept: 'application/json', ...headers } });
  async function errorOf(response: Response): Promise<{ message: string; extensions: { code: string } }> {
    const { errors } = (await response.json()) as { errors: [{ message: string; extensions: { code: string } }] };
    return errors[0];
  }
  async function overSocket(payload: Record<string, unknown>) {
    const raw = await openSocket(server.url);
    raw.send({ id: '1', type: 'subscribe', payload });
    const [message] = await raw.wait(({ type }) => type === 'next' || type === 'error');
    raw.socket.close();
    return message?.payload as unknown;
  }

  // graphql-java#4211, express-graphql#767
  it('an empty operationName counts as none, over every transport', async () => {
    const request = { query: 'query A { echo }', operationName: '' };
    const data = { data: { echo: 'nothing' } };
    assert.deepEqual(await (await post(request)).json(), data);
    assert.match(await (await post(request, { accept: 'text/event-stream' })).text(), /"echo":"nothing"/);
    assert.deepEqual(await (await get('operationName=&query=query+A%7Becho%7D')).json(), data);
    assert.deepEqual(await overSocket(request), data);
    const two = { query: 'query A { echo } query B { echo }', operationName: '' };
    assert.equal((await errorOf(await post(two))).extensions.code, 'OPERATION_RESOLUTION_FAILURE');
  });

  it('empty parameters in an address count as none', async () => {
    const answer = await get('query=%7Becho%7D&variables=&extensions=&operationName');
    assert.deepEqual(await answer.json(), { data: { echo: 'nothing' } });
  });

  // apollo-server-integration-aws-lambda#120
  it('parameters that are percent-encoded twice get an explaining message', async () => {
    const twice = encodeURIComponent(encodeURIComponent('{"text":"x"}'));
    for (const search of [`query=%7Becho%7D&variables=${twice}`, `query=${encodeURIComponent('%7Becho%7D')}`]) {
      const answer = await get(search);
      assert.equal(answer.status, 400);
      assert.match(
        (await errorOf(answer)).message,
        /^(variables|query): expected .* It may have been percent-encoded twice$/,
      );
    }
    const plus = await get('query=query($t:String)%7Becho(text:$t)%7D&variables=%7B%22t%22:%22%2B1+2%22%7D');
    assert.deepEqual(await plus.json(), { data: { echo: '+1 2' } });
  });

  // webonyx/graphql-php#156, euautomation/graphql-client#20
  it('variables that are an empty array or an empty string get a message that says what to send', async () => {
    for (const [variables, found] of [
      [[] as unknown[], 'array. Leave it out, or send {}: PHP writes an empty array as []'],
      ['', 'empty string. Leave it out, or send {}'],
    ] as const) {
      const answer = await post({ query: '{ echo }', variables });
      assert.equal(answer.status, 400);
      assert.equal((await errorOf(answer)).message, `variables: expected an object, found an ${found}`);
    }
  });

  describe('automatic persisted queries', () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'e3b0c442' } };
    const refusal = {
      message: 'PersistedQueryNotSupported',
      extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    };

    // apollo-link-persisted-queries#11
    it('a hash without a text is refused with the message of the protocol, over every transport', async () => {
      const search = `extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
      for (const send of [
        (accept: string) => post({ extensions, variables: {} }, { accept }),
        (accept: string) => get(search, { accept }),
      ]) {
        for (const [accept, status] of [
          ['application/json', 200],
          ['*/*', 200],
          ['application/graphql-response+json, application/json;q=0.9', 400],
        ] as const) {
          const answer = await send(accept);
          assert.equal(answer.status, status, accept);
          assert.deepEqual(await errorOf(answer), refusal);
        }
      }
      const stream = await post({ extensions }, { accept: 'text/event-stream' });
      assert.deepEqual(await errorOf(stream), refusal);
      assert.deepEqual(await overSocket({ extensions }), [refusal]);
    });

    for (const useGETForHashedQueries of [false, true]) {
      it(`Apollo Client with hashes by ${useGETForHashedQueries ? 'GET' : 'POST'} sends the text and no further hash`, async () => {
        const sent: string[] = [];
        const http = new HttpLink({
          uri: `${server.url}/graphql`,
          fetch: (address, init) => {
            sent.push(typeof init?.body === 'string' ? init.body : new Request(address).url);
            return fetch(address, init);
          },
        });
        const link = new PersistedQueryLink({ sha256: () => 'e3b0c442', useGETForHashedQueries }).concat(http);
        const client = new ApolloClient({ link, cache: new InMemoryCache() });
        for (const name of ['a', 'b']) {
          const query = gql(`query ($t: String) { echo(text: $t) }`);
          const { data } = await client.query({ query, variables: { t: name } });
          assert.deepEqual(data, { echo: name });
        }
        assert.deepEqual(
          sent.map((request) => request.includes('e3b0c442')),
          [true, false, false],
        );
        client.stop();
      });
    }
  });

  // apollo-client#990, graphql-yoga#2893
  it('the answer at a wrong path names the right one', async () => {
    const api = /: the GraphQL API is at \/graphql, without a slash at its end$/;
    for (const [path, message] of [
      ['/graphql/', api],
      ['/GraphQL', api],
      ['//graphql', api],
      ['/api/graphql?secret', api],
      ['/v1/graphql/', api],
      ['/', api],
      ['/graphiql', api],
      ['/oauth/token/', /: expected \/oauth\/token$/],
      ['/realms/shop/oauth/token', /: expected \/oauth\/token$/],
      ['/healthz', /: health checks are GET \/health\/live and GET \/health\/ready$/],
      ['/.well-known/apollo/server-health', /: health checks are /],
      ['/elsewhere', /^There is nothing at this address$/],
      ['/graphql/other', /^There is nothing at this address$/],
    ] as const) {
      const answer = await post({ query: '{ echo }' }, {}, path);
      assert.equal(answer.status, 404, path);
      assert.match((await errorOf(answer)).message, message, path);
    }
  });

  // micro-cors#54
  it('the answer to a preflight of a forbidden origin says where to allow it', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const answer = await fetch(`${server.url}/graphql`, { method: 'OPTIONS', headers });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.match(
      (await errorOf(answer)).message,
      /^Pages of this origin .* CLAIMGATE_ALLOWED_ORIGINS, .* without a slash$/,
    );
    const plain = await fetch(`${server.url}/graphql`, { method: 'OPTIONS' });
    assert.equal((await errorOf(plain)).message, 'Only GET and POST are answered here');
  });

  // graphql-ws#164, graphql-ws#79
  it('a WebSocket of another subprotocol gets the expected one', async () => {
    const address = `${server.own.replace('http:', 'ws:')}/graphql`;
    for (const [offered, found] of [
      [['graphql-ws'], /^graphql-ws, the older protocol of the package subscriptions-transport-ws: /],
      [['soap', 'wamp'], /^another$/],
    ] as const) {
      const client = new WebSocket(address, [...offered]);
      const [, response] = (await once(client, 'unexpected-response')) as [unknown, IncomingMessage];
      assert.equal(response.statusCode, 400);
      const { message } = JSON.parse(await text(response)).errors[0];
      const [head, rest] = message.split(', found ');
      assert.equal(head, 'Sec-WebSocket-Protocol: expected graphql-transport-ws');
      assert.match(rest, found);
    }
    const both = new WebSocket(address, ['graphql-ws', 'graphql-transport-ws']);
    await once(both, 'open');
    assert.equal(both.protocol, 'graphql-transport-ws');
    both.close();
    const none = new WebSocket(address);
    const [code, reason] = (await once(none, 'close')) as [number, Buffer];
    assert.equal(code, 4406);
    assert.equal(String(reason), 'Sec-WebSocket-Protocol: expected graphql-transport-ws');
  });

  // apollo-client#2876
  it('an authorization of null in connection_init gets a message to leave it out', async () => {
    const raw = await openSocket(server.url, { init: null });
    const closed = once(raw.socket, 'close') as Promise<[number, Buffer]>;
    raw.send({ type: 'connection_init', payload: { authorization: null } });
    const [code, reason] = await closed;
    assert.equal(code, 4400);
    assert.equal(String(reason), 'authorization: found null, leave it out where there is no token');
  });

  // graphql-js#413, apollo-tooling#1688
  it('an invisible character is named by its number', async () => {
    for (const [character, number] of [
      ['\u00A0', 'U+00A0'],
      ['\u200B', 'U+200B'],
      ['\u2009', 'U+2009'],
      ['\u0007', 'U+0007'],
      ['\u201C', 'U+201C'],
    ]) {
      const { message } = await errorOf(await post({ query: `{${character} echo }` }));
      assert.match(
        message,
        new RegExp(`^Syntax Error: (Invalid|Unexpected) character: ${number?.replace('+', '\\+')}\\.$`),
      );
    }
    for (const secret of ['é', 'я', '😀', '~']) {
      assert.equal((await errorOf(await post({ query: `{ echo(text: ${secret}) }` }))).message, 'Syntax Error.');
    }
  });
});
