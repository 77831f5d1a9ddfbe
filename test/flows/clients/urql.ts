import { Client, fetchExchange, gql } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import type { Options } from './tokens.ts';

const refresh = gql`
  mutation Refresh($input: RefreshAccessTokenInput!) {
    refreshAccessToken(input: $input) {
      ... on TokenSet { accessToken refreshToken }
      ... on OAuthError { error }
    }
  }
`;

/** Creates a urql client whose authentication exchange renews the token once for all refused operations. */
export function createUrqlClient({ url, clientId, tokens }: Options): Client {
  /** The token that the server refused last. */
  let refused: string | null = null;
  const auth = authExchange(async (utils) => ({
    addAuthToOperation: (operation) =>
      tokens.accessToken === ''
        ? operation
        : utils.appendHeaders(operation, { authorization: `Bearer ${tokens.accessToken}` }),
    didAuthError(error, { context }) {
      if (!error.graphQLErrors.some(({ extensions }) => extensions['code'] === 'INVALID_TOKEN')) return false;
      // `addAuthToOperation` made these options, or there are none.
      refused = new Headers((context.fetchOptions as RequestInit | undefined)?.headers).get('authorization');
      return true;
    },
    async refreshAuth() {
      // The token may have been renewed since the operation was sent.
      if (refused !== `Bearer ${tokens.accessToken}`) return;
      const { data } = await utils.mutate(refresh, { input: { clientId, refreshToken: tokens.refreshToken } });
      const { accessToken = '', refreshToken = '' } = data?.refreshAccessToken ?? {};
      // Without new tokens, the operation ends with its error. Later operations are anonymous until the person signs in
      // again.
      Object.assign(tokens, { accessToken, refreshToken });
    },
  }));
  return new Client({
    url,
    exchanges: [auth, fetchExchange],
    // Subscriptions use server-sent events over `fetchExchange`.
    fetchSubscriptions: true,
  });
}
