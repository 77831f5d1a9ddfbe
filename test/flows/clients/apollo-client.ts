import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { from, switchMap } from 'rxjs';
import type { Options } from './tokens.ts';

const refresh = gql`
  mutation Refresh($input: RefreshAccessTokenInput!) {
    refreshAccessToken(input: $input) {
      ... on TokenSet { accessToken refreshToken }
      ... on OAuthError { error }
    }
  }
`;

/**
 * Creates an Apollo Client that renews its token once for all refused operations. For a query whose parts may be
 * denied, use `errorPolicy: 'all'`: the result then has the allowed data and the errors.
 */
export function createApolloClient({ url, clientId, tokens }: Options): ApolloClient {
  let renewing: Promise<void> | null = null;

  async function renew(): Promise<void> {
    // This mutation passes the links below with the expired token. The server ignores an expired token here.
    const { data } = await client.mutate<any>({
      mutation: refresh,
      variables: { input: { clientId, refreshToken: tokens.refreshToken } },
      // The cache must not store a refresh token.
      fetchPolicy: 'no-cache',
    });
    const { error, accessToken, refreshToken } = data?.refreshAccessToken ?? {};
    if (!accessToken) throw new Error(`sign in again: ${error}`);
    Object.assign(tokens, { accessToken, refreshToken });
  }

  const authorize = new SetContextLink(({ headers }) => ({
    headers: { ...headers, authorization: `Bearer ${tokens.accessToken}` },
  }));
  const renewWhereRefused = new ErrorLink(({ error, operation, forward }) => {
    const isRefused =
      CombinedGraphQLErrors.is(error) &&
      error.errors.some(({ extensions }) => extensions?.['code'] === 'INVALID_TOKEN');
    if (!isRefused || operation.operationName === 'Refresh') return undefined;
    // The token may have been renewed since the operation was sent.
    const { headers } = operation.getContext();
    if (headers?.authorization !== `Bearer ${tokens.accessToken}`) return forward(operation);
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    return from(renewing).pipe(switchMap(() => forward(operation)));
  });

  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([renewWhereRefused, authorize, new HttpLink({ uri: url })]),
  });
  return client;
}
