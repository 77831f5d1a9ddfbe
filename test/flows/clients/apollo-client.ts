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
 * Apollo Client 4, which renews its token once for all operations that were refused for it. A query of which a part may be denied is
 * asked with `errorPolicy: 'all'`: what is allowed then comes beside the errors.
 */
export function createApolloClient({ url, clientId, tokens }: Options): ApolloClient {
  let renewing: Promise<void> | null = null;

  async function renew(): Promise<void> {
    // It goes through the links below with the expired token, which counts as none here.
    const { data } = await client.mutate<any>({
      mutation: refresh,
      variables: { input: { clientId, refreshToken: tokens.refreshToken } },
      // A refresh token must not be kept among the results.
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
