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

/** The credentials that an OAuth 2.0 client presents. They are not verified yet. */
export interface Client {
  readonly clientId: string;
  /** As registered (RFC 7591 §2). The caller cannot choose it. */
  readonly tokenEndpointAuthMethod: 'none' | 'client_secret_basic' | 'client_secret_post';
  /** The secret that the caller sent. Null if the caller sent no secret. */
  readonly clientSecret: string | null;
}

/** In characters. */
const maxClientIdLength = 256;
const maxSecretLength = 1024;

/**
 * Checks the form of a client's credentials before they are sent. A secret must be present if the authentication method
 * needs it, and absent otherwise. No character may be invalid.
 *
 * @returns the error, or null if the form is correct
 */
export function clientFault({ clientId, tokenEndpointAuthMethod, clientSecret }: Client): OAuthError | null {
  const fits =
    tokenEndpointAuthMethod === 'none'
      ? clientSecret === null
      : clientSecret !== null && isVisibleAscii(clientSecret, maxSecretLength);
  return fits && isVisibleAscii(clientId, maxClientIdLength) ? null : oauthError('invalid_client');
}

/**
 * Returns the configuration of openid-client for one client at one authorization server.
 *
 * @param timeoutSeconds - time for one call, including the body of its answer
 */
export function clientConfiguration(
  server: AuthorizationServer,
  client: Client,
  fetch: Fetch,
  timeoutSeconds: number,
): Configuration {
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
  configuration[customFetch] = boundedFetch(fetch, timeoutSeconds);
  configuration.timeout = timeoutSeconds;
  if (new URL(server.tokenEndpoint).protocol === 'http:') allowInsecureRequests(configuration);
  return configuration;
}

function authentication({ tokenEndpointAuthMethod, clientSecret }: Client): ClientAuth {
  if (tokenEndpointAuthMethod === 'none' || clientSecret === null) return None();
  return tokenEndpointAuthMethod === 'client_secret_basic'
    ? ClientSecretBasic(clientSecret)
    : ClientSecretPost(clientSecret);
}
