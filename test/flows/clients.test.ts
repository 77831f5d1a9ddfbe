import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { CombinedGraphQLErrors, gql } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { decodeJwt } from 'jose';
import { exchangeMutation, query, requestCode, signInFor } from '../support/client.ts';
import { authorize } from '../support/person.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { claimsOf, serverKey } from '../support/server-key.ts';
import { sign, type TestKey } from '../support/tokens.ts';
import { createApolloClient } from './clients/apollo-client.ts';
import { createRequest } from './clients/graphql-request.ts';
import { createSocketClient } from './clients/graphql-ws.ts';
import { begin as beginWithWebApi } from './clients/oauth4webapi.ts';
import { begin as beginWithOpenidClient } from './clients/openid-client.ts';
import { createEnvironment } from './clients/relay.ts';
import type { Tokens } from './clients/tokens.ts';
import { createUrqlClient } from './clients/urql.ts';

const config = `
export default {
  modules: [{
    name: 'ticker',
    typeDefs: 'type Subscription { ticks(every: Int!): Int @auth(scope: "profile") }',
    resolvers: {
      Subscription: { ticks: {
        subscribe: async function* (_, { every }) {
          for (let n = 0; n < 1_000; n++) {
            yield n;
            await new Promise((done) => setTimeout(done, every));
          }
        },
        resolve: (n) => n,
      } },
    },
  }],
};
`;
const asked = ['{ viewer { subject } }', '{ viewer { clientId } }', '{ viewer { scopes } }'];
/** A query that a token for `profile` may read only in part. */
const partly = '{ viewer { subject } applications { nodes { id } } }';

describe('G-6 the recipes for clients', () => {
  let server: TestServer;
  let url: string;
  let key: TestKey;
  before(async () => {
    server = await startTestServer({ config });
    url = `${server.url}/graphql`;
    key = await serverKey(server);
  });
  after(() => server.dispose());

  /** Makes the state of a client whose access token expired an hour ago, and counts its renewals. */
  async function stale(): Promise<{ tokens: Tokens; options: Options; renewals: () => number }> {
    const { accessToken, refreshToken } = await signInFor(server.url, { scope: 'profile' });
    const exp = Math.floor(Date.now() / 1_000) - 3_600;
    let renewals = 0;
    const tokens = new Proxy<Tokens>(
      { accessToken: sign(key, { payload: { ...claimsOf(accessToken), exp } }), refreshToken },
      {
        set(target, name, value) {
          if (name === 'accessToken') renewals += 1;
          return Reflect.set(target, name, value);
        },
      },
    );
    assert.equal((await query(server.url, '{ scopes { name } }', { token: tokens.accessToken })).status, 401);
    return { tokens, options: { url, clientId: 'claimgate', tokens }, renewals: () => renewals };
  }

  /**
   * Starts a server that passes requests on. It holds the first answer to the second query back until `isRenewed`, so
   * that this answer arrives after the renewal that the other queries caused.
   */
  async function holdingBack(isRenewed: () => boolean): Promise<{ url: string; stop: () => Promise<void> }> {
    let isFirst = true;
    async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const { method = '', url: target = '' } = request;
      const { 'content-type': type = '', accept = '*/*', authorization = '' } = request.headers;
      const body = await text(request);
      const answer = await fetch(new URL(target, url), {
        method,
        headers: { ...(type && { 'content-type': type }), accept, authorization },
        ...(body && { body }),
      });
      const answered = await answer.text();
      if (isFirst && /viewer.*clientId/s.test(target + body)) {
        isFirst = false;
        await until(async () => isRenewed());
      }
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(answered);
    }
    const proxy = createServer((request, response) => {
      pass(request, response).catch(() => response.destroy());
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/graphql`,
      async stop() {
        proxy.closeAllConnections();
        await once(proxy.close(), 'close');
      },
    };
  }

  interface Options {
    url: string;
    clientId: string;
    tokens: Tokens;
  }
  /** Makes the state of a client whose refresh token is not valid. */
  async function lost() {
    const all = await stale();
    all.tokens.refreshToken = 'none';
    return all;
  }

  describe('Apollo Client', () => {
    it('G-6 renews an expired token once for parallel queries, with the client that sends the expired token', async () => {
      const { options, renewals } = await stale();
      const client = createApolloClient(options);
      const answers = await Promise.all(asked.map((each) => client.query<any>({ query: gql(each) })));
      for (const { data } of answers) assert.ok(data.viewer);
      assert.equal(renewals(), 1);
    });

    it('G-6 gets allowed data together with errors for denied parts', async () => {
      const { options } = await stale();
      const client = createApolloClient(options);
      const { error } = await client.query<any>({ query: gql(partly), errorPolicy: 'all' });
      assert.ok(CombinedGraphQLErrors.is(error));
      assert.equal(error.errors[0]?.extensions?.['code'], 'FORBIDDEN');
    });

    it('G-6 is told to sign in again if the refresh token is refused', async () => {
      const client = createApolloClient((await lost()).options);
      await assert.rejects(client.query({ query: gql(asked[0] ?? '') }), /sign in again: invalid_grant/);
    });
  });

  describe('urql', () => {
    it('G-1 unmodified it queries, is denied with a status, and exchanges a code', async () => {
      const client = new Client({ url, exchanges: [fetchExchange] });
      const open = await client.query('{ scopes { name } }', {});
      assert.ok(open.data.scopes.length > 0, String(open.error));
      const denied = await client.query('{ viewer { subject } }', {});
      assert.equal(denied.error?.response.status, 401);
      assert.equal(denied.error?.graphQLErrors[0]?.extensions['code'], 'UNAUTHENTICATED');
      const { input } = await requestCode(server.url, { scope: 'profile' });
      const exchanged = await client.mutation(exchangeMutation, { input: { client: input } });
      assert.ok(exchanged.data.exchangeAuthorizationCode.accessToken, String(exchanged.error));
    });

    it('G-6 renews an expired token once for parallel queries', async () => {
      const { options, renewals } = await stale();
      const client = createUrqlClient(options);
      const answers = await Promise.all(asked.map((text) => client.query(text, {}).toPromise()));
      for (const { data, error } of answers) assert.ok(data?.viewer, String(error));
      assert.equal(renewals(), 1);
    });

    it('G-6 renews also if the expired token is sent with the mutation', async () => {
      const { options, tokens } = await stale();
      const headers = { authorization: `Bearer ${tokens.accessToken}` };
      const client = new Client({ url, exchanges: [fetchExchange], fetchOptions: { headers } });
      const refresh = `mutation ($input: RefreshAccessTokenInput!) {
        refreshAccessToken(input: $input) { ... on TokenSet { accessToken } ... on OAuthError { error } }
      }`;
      const input = { clientId: options.clientId, refreshToken: tokens.refreshToken };
      const { data, error } = await client.mutation(refresh, { input });
      assert.ok(data?.refreshAccessToken.accessToken, String(error));
    });

    it('G-6 is anonymous after the refresh token was refused', async () => {
      const { options, tokens } = await lost();
      const client = createUrqlClient(options);
      const codes: unknown[] = [];
      for (const text of asked.slice(0, 2)) {
        const { error } = await client.query(text, {});
        codes.push(error?.graphQLErrors[0]?.extensions['code']);
      }
      assert.deepEqual(codes, ['INVALID_TOKEN', 'UNAUTHENTICATED']);
      assert.equal(tokens.accessToken, '');
    });

    it('G-1 subscribes by server-sent events with the same Accept', async () => {
      const { options } = await stale();
      const client = createUrqlClient(options);
      await client.query(asked[0] ?? '', {});
      const seen: number[] = [];
      const subscription = client.subscription('subscription { ticks(every: 5) }', {}).subscribe(({ data, error }) => {
        assert.equal(error, undefined);
        seen.push(data.ticks);
      });
      await until(async () => seen.length >= 3);
      subscription.unsubscribe();
      assert.deepEqual(seen.slice(0, 3), [0, 1, 2]);
    });
  });

  it('G-6 graphql-request renews an expired token once for parallel requests', async () => {
    const { options, renewals } = await stale();
    const request = createRequest(options);
    const answers = await Promise.all(asked.map((text) => request<any>(text)));
    for (const { viewer } of answers) assert.ok(viewer);
    assert.equal(renewals(), 1);
    await assert.rejects(createRequest((await lost()).options)(asked[0] ?? ''), /sign in again: invalid_grant/);
  });

  it("G-6 Relay's network layer renews an expired token once for parallel requests", async () => {
    const { options, renewals } = await stale();
    const network = createEnvironment(options).getNetwork();
    const answers = await Promise.all(
      asked.map((text) => {
        const request = { id: null, cacheID: text, name: 'Asked', operationKind: 'query', text, metadata: {} } as const;
        return network.execute(request, {}, { force: true }).toPromise();
      }),
    );
    for (const answer of answers) assert.ok((answer as any).data.viewer, JSON.stringify(answer));
    assert.equal(renewals(), 1);
  });

  it('G-6 graphql-ws continues on its open connection with a renewed token', async () => {
    const { accessToken, refreshToken } = await signInFor(server.url, { scope: 'profile' });
    // The first token is valid long enough to connect, and expires during the test.
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const tokens = { accessToken: sign(key, { payload: { ...claimsOf(accessToken), exp } }), refreshToken };
    const { client, renew } = createSocketClient({ url, tokens });
    let connections = 0;
    client.on('connected', () => {
      connections += 1;
    });
    const events = client.iterate<{ ticks: number }>({ query: 'subscription { ticks(every: 100) }' });
    assert.equal((await events.next()).value?.data?.ticks, 0);
    tokens.accessToken = accessToken;
    renew();
    // Waits until the first token and the clock tolerance have ended.
    await until(async () => {
      const { value } = await events.next();
      assert.equal(value?.errors, undefined);
      return Date.now() > (exp + 7) * 1_000;
    }, 30_000);
    assert.equal(connections, 1);
    await client.dispose();
  });

  const asking: Readonly<Record<string, (options: Options) => (text: string) => Promise<any>>> = {
    'Apollo Client'(options) {
      const client = createApolloClient(options);
      return async (text) => (await client.query<any>({ query: gql(text) })).data;
    },
    urql(options) {
      const client = createUrqlClient(options);
      return async (text) => (await client.query(text, {}).toPromise()).data;
    },
    'graphql-request': createRequest,
    Relay(options) {
      const network = createEnvironment(options).getNetwork();
      return async (text) => {
        const request = { id: null, cacheID: text, name: 'Asked', operationKind: 'query', text, metadata: {} } as const;
        const answer: any = await network.execute(request, {}, { force: true }).toPromise();
        return answer.data;
      };
    },
  };
  for (const [name, ask] of Object.entries(asking)) {
    it(`G-6 ${name} renews no token for an operation that is refused after the renewal`, async () => {
      const { options, renewals } = await stale();
      const proxy = await holdingBack(() => renewals() > 0);
      try {
        const answerTo = ask({ ...options, url: proxy.url });
        const answers = await Promise.all(asked.map((each) => answerTo(each)));
        for (const data of answers) assert.ok(data?.viewer);
        assert.equal(renewals(), 1);
      } finally {
        await proxy.stop();
      }
    });
  }

  for (const [name, begin] of [
    ['openid-client', beginWithOpenidClient],
    ['oauth4webapi', beginWithWebApi],
  ] as const) {
    it(`G-6 ${name} completes the code flow`, async () => {
      const { address, finish } = await begin(
        server.url,
        'claimgate',
        'http://127.0.0.1:5555/callback',
        'openid profile',
      );
      const { access_token: token, id_token: idToken } = await finish(await authorize(address));
      const { body } = await query(server.url, '{ viewer { subject } }', { token });
      assert.equal(body.data.viewer.subject, decodeJwt(idToken ?? '').sub);
    });
  }

  const curl = spawnSync('curl', ['--version']).error ? { skip: 'curl is not installed' } : {};
  it('G-6 curl exchanges a code, queries, and refreshes', curl, async () => {
    const { input } = await requestCode(server.url, { scope: 'profile' });
    const { stdout } = await promisify(execFile)('sh', [join(import.meta.dirname, 'clients/curl.sh')], {
      env: {
        ...process.env,
        URL: server.url,
        CODE: input.code,
        CODE_VERIFIER: input.codeVerifier,
        REDIRECT_URI: input.redirectUri,
      },
    });
    const answers = stdout.trim().split('\n');
    assert.equal(answers.length, 2, stdout);
    for (const answer of answers) assert.ok(JSON.parse(answer).data.viewer.subject, stdout);
  });
});
