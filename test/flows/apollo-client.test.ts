import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { from, switchMap } from 'rxjs';
import { signInFor } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `
export default {
  lifetimes: { access: 3 },
  modules: [{
    name: 'ticker',
    typeDefs: \`
      type Tick { n: Int! }
      type Subscription { ticks: Tick @auth(scope: "profile") }
    \`,
    resolvers: {
      Subscription: { ticks: {
        subscribe: async function* () { for (let n = 0; n < 3; n++) yield { n }; },
        resolve: (tick) => tick,
      } },
    },
  }],
};
`;

const viewer = gql`query Viewer { viewer { subject scopes account { email } } }`;
const partly = gql`query Partly { viewer { subject account { email } } }`;
const ticks = gql`subscription Ticks { ticks { n } }`;
const refreshDocument = gql`
  mutation Refresh($input: RefreshAccessTokenInput!) {
    refreshAccessToken(input: $input) {
      ... on TokenSet { accessToken refreshToken }
      ... on OAuthError { error errorDescription }
    }
  }
`;

interface Tokens {
  accessToken: string;
  refreshToken: string | null;
}

/** Sets up Apollo Client like a careful application: it sends its token, and renews the token after a refusal. */
function createApp(url: string, tokens: Tokens) {
  const uri = `${url}/graphql`;
  const renewals: string[] = [];
  const http = new HttpLink({ uri });
  // Token mutations are sent without an Authorization header.
  const plain = new ApolloClient({ cache: new InMemoryCache(), link: http });
  const renew = async () => {
    const input = { clientId: 'claimgate', refreshToken: tokens.refreshToken };
    const { data } = await plain.mutate<any>({ mutation: refreshDocument, variables: { input } });
    assert.ok(data.refreshAccessToken.accessToken, JSON.stringify(data));
    Object.assign(tokens, data.refreshAccessToken);
    renewals.push(tokens.accessToken);
  };
  const authorize = new SetContextLink(() => ({ headers: { authorization: `Bearer ${tokens.accessToken}` } }));
  const renewing = new ErrorLink(({ error, operation, forward }) => {
    const refused =
      CombinedGraphQLErrors.is(error) &&
      error.errors.some(({ extensions }) => extensions?.['code'] === 'INVALID_TOKEN');
    if (!refused || renewals.length > 0) return undefined;
    return from(renew()).pipe(switchMap(() => forward(operation)));
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([renewing, authorize, http]),
    defaultOptions: { query: { fetchPolicy: 'no-cache' } },
  });
  return { client, renewals };
}

describe('Apollo Client', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config });
  });
  after(() => server.dispose());

  async function signedIn(scope: string): Promise<Tokens> {
    const { accessToken, refreshToken } = await signInFor(server.url, { scope });
    return { accessToken, refreshToken };
  }

  it('queries with a bearer header, and renews the token by the mutation when it has expired', async () => {
    const { client, renewals } = createApp(server.url, await signedIn('openid profile'));
    const first = await client.query<any>({ query: viewer });
    assert.equal(first.data.viewer.account.email, 'ada@example.com');
    assert.deepEqual(renewals, []);
    // An access token lives three seconds here. The server accepts it for some seconds longer, to tolerate clock
    // differences.
    const from = performance.now();
    while (renewals.length === 0 && performance.now() - from < 90_000) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const { data } = await client.query<any>({ query: viewer });
      assert.equal(data.viewer.subject, first.data.viewer.subject);
    }
    assert.equal(renewals.length, 1);
  });

  it('gets allowed data together with an error that names the denied part', async () => {
    const { client } = createApp(server.url, await signedIn('applications'));
    const { data, error } = await client.query<any>({ query: partly, errorPolicy: 'all' });
    assert.ok(data.viewer.subject);
    assert.equal(data.viewer.account, null);
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.deepEqual(
      error.errors.map(({ path, extensions }) => [path, extensions?.['code']]),
      [[['viewer', 'account'], 'FORBIDDEN']],
    );
  });

  it('gets the reason if nothing is allowed', async () => {
    const { client } = createApp(server.url, await signedIn('profile'));
    const denied = client.query({ query: gql`query Denied { applications { nodes { id } } }` });
    await assert.rejects(denied, (error: unknown) => {
      assert.ok(CombinedGraphQLErrors.is(error), String(error));
      assert.equal(error.errors[0]?.extensions?.['code'], 'FORBIDDEN');
      return true;
    });
  });

  it('subscribes over a WebSocket with the token in connection_init', async (t) => {
    const tokens = await signedIn('profile');
    const socket = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      connectionParams: () => ({ authorization: `Bearer ${tokens.accessToken}` }),
    });
    t.after(() => socket.dispose());
    const client = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket) });
    const seen: number[] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscribe<any>({ query: ticks }).subscribe({
        next: ({ data }) => seen.push(data.ticks.n),
        error: reject,
        complete: resolve,
      });
    });
    assert.deepEqual(seen, [0, 1, 2]);
  });
});
