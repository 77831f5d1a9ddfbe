import { ClientError, GraphQLClient, gql } from 'graphql-request';
import type { Options } from './tokens.ts';

const refresh = gql`
  mutation Refresh($input: RefreshAccessTokenInput!) {
    refreshAccessToken(input: $input) {
      ... on TokenSet { accessToken refreshToken }
      ... on OAuthError { error }
    }
  }
`;

/** Creates a function that sends requests with graphql-request. It renews the token once for all refused requests. */
export function createRequest({ url, clientId, tokens }: Options) {
  const client = new GraphQLClient(url, { headers: () => ({ authorization: `Bearer ${tokens.accessToken}` }) });
  let renewing: Promise<void> | null = null;

  async function renew(): Promise<void> {
    const input = { clientId, refreshToken: tokens.refreshToken };
    const { refreshAccessToken } = await client.request(refresh, { input });
    if (!refreshAccessToken.accessToken) throw new Error(`sign in again: ${refreshAccessToken.error}`);
    Object.assign(tokens, refreshAccessToken);
  }

  return async function request<Data>(document: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const sent = tokens.accessToken;
    try {
      return await client.request<Data>(document, variables);
    } catch (error) {
      const codes = error instanceof ClientError ? (error.response.errors ?? []) : [];
      if (!codes.some(({ extensions }) => extensions?.['code'] === 'INVALID_TOKEN')) throw error;
      // The token may have been renewed since the request was sent.
      if (tokens.accessToken === sent) {
        renewing ??= renew().finally(() => {
          renewing = null;
        });
        await renewing;
      }
      return client.request<Data>(document, variables);
    }
  };
}
