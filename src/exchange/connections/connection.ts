import type { Configuration } from 'openid-client';
import { clientConfiguration } from '../client.ts';
import type { ExchangeFailure } from '../failure.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import { scopeFault } from '../shape.ts';
import type { Fetch } from '../transport.ts';
import type { UpstreamMetadata } from './upstream.ts';

/** A configured foreign issuer. This server is its confidential client. */
export interface Connection {
  /** The name that callers use. */
  readonly name: string;
  /** The `iss` of the issuer's tokens. It is compared as an exact string. */
  readonly issuer: string;
  /** The address of the issuer's metadata. Default: below `issuer`. */
  readonly metadata?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As registered at the issuer (RFC 7591 §2). */
  readonly tokenEndpointAuthMethod: 'client_secret_basic' | 'client_secret_post';
  /** The allowed redirect URIs. A request must name one of them exactly. */
  readonly redirectUris: readonly string[];
  /**
   * The scopes that are requested if the caller names no scopes. A caller can request only these scopes and `openid`.
   */
  readonly scopes: readonly string[];
  /** Whether the issuer sends `iss` with its authorization responses (RFC 9207). Default: the value in its metadata. */
  readonly authorizationResponseIss?: boolean;
  /** The accepted algorithms of ID tokens. */
  readonly idTokenAlgorithms: readonly string[];
  /**
   * The API that access tokens are for (RFC 8707). Default: the parameter is not sent. The issuer then selects the API.
   */
  readonly resource?: string;
  /** Further parameters of the authorization request, such as `audience` or `prompt`. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
}

/** Whether every authorization response of the issuer has `iss` (RFC 9207). */
export function sendsIss(connection: Connection, metadata: UpstreamMetadata): boolean {
  return connection.authorizationResponseIss ?? metadata.sendsIss;
}

/**
 * Returns the configuration of openid-client for a connection.
 *
 * @param timeoutSeconds - for one call, including the body
 */
export function clientOf(
  connection: Connection,
  metadata: UpstreamMetadata,
  fetch: Fetch,
  timeoutSeconds: number,
): Configuration {
  return clientConfiguration(
    {
      issuer: connection.issuer,
      tokenEndpoint: metadata.tokenEndpoint,
      revocationEndpoint: metadata.revocationEndpoint ?? metadata.tokenEndpoint,
      idTokenSigningAlgorithms: connection.idTokenAlgorithms,
    },
    connection,
    fetch,
    timeoutSeconds,
  );
}

/** Returns the URL that starts an authorization code flow with PKCE (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1). */
export function authorizationUrl(
  connection: Connection,
  metadata: UpstreamMetadata,
  request: Readonly<Record<'redirect_uri' | 'scope' | 'state' | 'nonce' | 'code_challenge', string>>,
): string {
  const url = new URL(metadata.authorizationEndpoint);
  const parameters = {
    ...connection.authorizationParameters,
    ...(connection.resource !== undefined && { resource: connection.resource }),
    ...request,
    response_type: 'code',
    client_id: connection.clientId,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Translates the error of a connection's issuer into the error for the caller. */
export function forCaller(error: OAuthError): OAuthError {
  // These codes are about this server, because this server is the client. The log has the codes.
  const isOurs = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type'].includes(error.error);
  return isOurs
    ? oauthError('server_error', "The connection's authorization server does not accept this server as a client.")
    : error;
}

/** Logs a rejected ID token, and returns the error for the caller. */
export function idTokenFault(
  issuer: string,
  reason: string,
  onFailure: (failure: ExchangeFailure) => void,
): OAuthError {
  onFailure({ issuer, error: 'server_error', reason: `id-token: ${reason}` });
  return reason === 'nonce'
    ? oauthError('invalid_grant', 'The ID token belongs to another sign-in than this transaction.')
    : oauthError('server_error', 'The ID token that came with the tokens is missing or was refused.');
}

/** The error for an unknown connection. */
export const noConnection: OAuthError = oauthError(
  'invalid_request',
  'connection: there is no connection of this name.',
);

/** Returns why a caller cannot request these scopes. Null if it can. */
export function wantedScopeFault({ scopes }: Connection, wanted: readonly string[]): OAuthError | null {
  const fault = scopeFault(wanted);
  if (fault) return fault;
  // Every authorization request has `openid`, even if it is not configured.
  if (wanted.every((scope) => scope === 'openid' || scopes.includes(scope))) return null;
  return oauthError('invalid_scope', 'scope: expected scopes that are configured for this connection.');
}
