import relay, { type GraphQLResponse, type IEnvironment } from 'relay-runtime';
import type { Options } from './tokens.ts';

const refresh = `mutation Refresh($input: RefreshAccessTokenInput!) {
  refreshAccessToken(input: $input) {
    ... on TokenSet { accessToken refreshToken }
    ... on OAuthError { error }
  }
}`;

/** Creates a Relay environment whose network layer renews the token once for all refused requests. */
export function createEnvironment({ url, clientId, tokens }: Options): IEnvironment {
  let renewing: Promise<void> | null = null;

  async function post(query: string | null | undefined, variables: object): Promise<any> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        authorization: `Bearer ${tokens.accessToken}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  async function renew(): Promise<void> {
    const { data } = await post(refresh, { input: { clientId, refreshToken: tokens.refreshToken } });
    const { error, accessToken, refreshToken } = data?.refreshAccessToken ?? {};
    if (!accessToken) throw new Error(`sign in again: ${error}`);
    Object.assign(tokens, { accessToken, refreshToken });
  }

  const network = relay.Network.create(async ({ text }, variables): Promise<GraphQLResponse> => {
    const sent = tokens.accessToken;
    const answer = await post(text, variables);
    const isRefused = answer.errors?.some((error: any) => error.extensions?.code === 'INVALID_TOKEN');
    if (!isRefused) return answer;
    // The token may have been renewed since the request was sent.
    if (tokens.accessToken === sent) {
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      await renewing;
    }
    return post(text, variables);
  });
  return new relay.Environment({ network, store: new relay.Store(new relay.RecordSource()) });
}
