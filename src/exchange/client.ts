import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  None,
} from 'openid-client';
import type { AuthorizationServer } from './own/authorization-server.ts';
import { type OAuthError, oauthError } from './oauth-error.ts';
import { isVisibleAscii } from './shape.ts';
import { boundedFetch, type Fetch } from './transport.ts';

/** An OAuth 2.0 client, as it presents itself. */
export interface Client {
  readonly clientId: string;
  /** As registered (RFC 7591 §2): it is not for the caller to choose. */
  readonly tokenEndpointAuthMethod: 'none' | 'client_secret_basic' | 'client_secret_post';
  /** What the caller sent; null: nothing. */
  readonly clientSecret: string | null;
}

const maxClientIdLength = 256;
const longestSecret = 1024;

/** What keeps this client from being sent on at all: a secret where none is expected, none where one is, or a malformed one. */
export function clientFault({ clientId, tokenEndpointAuthMethod, clientSecret }: Client): OAuthError | null {
  const fits =
    tokenEndpointAuthMethod === 'none'
      ? clientSecret === null
      : clientSecret !== null && isVisibleAscii(clientSecret, longestSecret);
  return fits && isVisibleAscii(clientId, maxClientIdLength) ? null : oauthError('invalid_client');
}

/** @param timeout seconds, for a whole call */
export function configure(server: AuthorizationServer, client: Client, fetch: Fetch, timeout: number): Configuration {
  const configuration = new Configuration(
    {
      issuer: server.issuer,
      token_endpoint: server.tokenEndpoint,
      revocation_endpoint: server.revocationEndpoint,
      id_token_signing_alg_values_supported: [...server.idTokenSigningAlgorithms],
    },
    client.clientId,
    undefined,
    authentication(client),
  );
  configuration[customFetch] = boundedFetch(fetch, timeout);
  configuration.timeout = timeout;
  if (new URL(server.tokenEndpoint).protocol === 'http:') allowInsecureRequests(configuration);
  return configuration;
}

function authentication({ tokenEndpointAuthMethod, clientSecret }: Client): ClientAuth {
  if (tokenEndpointAuthMethod === 'none' || clientSecret === null) return None();
  return tokenEndpointAuthMethod === 'client_secret_basic'
    ? ClientSecretBasic(clientSecret)
    : ClientSecretPost(clientSecret);
}
