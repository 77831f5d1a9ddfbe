import type { Configuration } from 'openid-client';
import { configure } from '../client.ts';
import type { ExchangeFailure } from '../failure.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import { scopeFault } from '../shape.ts';
import type { Fetch } from '../transport.ts';
import type { Metadata } from './upstream.ts';

/** A configured foreign issuer whose confidential client we are. */
export interface Connection {
  /** What callers call it by. */
  readonly name: string;
  /** `iss`, compared as an exact string. */
  readonly issuer: string;
  /** The address of its metadata; absent: below `issuer`. */
  readonly metadata?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As registered there (RFC 7591 §2). */
  readonly tokenEndpointAuthMethod: 'client_secret_basic' | 'client_secret_post';
  /** Those of its applications; an application's is one of them, exactly. */
  readonly redirectUris: readonly string[];
  /** Asked for where a caller names none, and the most that one may ask for. `openid` is among them. */
  readonly scopes: readonly string[];
  /** Whether the issuer sends `iss` with its authorization responses (RFC 9207); absent: as its metadata says. */
  readonly authorizationResponseIss?: boolean;
  /** Of ID tokens. */
  readonly idTokenAlgorithms: readonly string[];
  /** RFC 8707: what the access token is for; absent: what the issuer makes of that. */
  readonly resource?: string;
  /** Sent along in the authorization request, such as `audience` or `prompt`. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
}

/** Whether every authorization response holds `iss`. */
export function sendsIss(connection: Connection, metadata: Metadata): boolean {
  return connection.authorizationResponseIss ?? metadata.sendsIss;
}

/** @param timeout seconds, for a whole call */
export function clientOf(connection: Connection, metadata: Metadata, fetch: Fetch, timeout: number): Configuration {
  return configure(
    {
      issuer: connection.issuer,
      tokenEndpoint: metadata.tokenEndpoint,
      revocationEndpoint: metadata.revocationEndpoint ?? metadata.tokenEndpoint,
      idTokenSigningAlgorithms: connection.idTokenAlgorithms,
    },
    connection,
    fetch,
    timeout,
  );
}

/** The address that starts an authorization code flow with PKCE (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1). */
export function authorizationUrl(
  connection: Connection,
  metadata: Metadata,
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

/** Of an error that a connection's own server answered: what the caller has to do with. */
export function forCaller(error: OAuthError): OAuthError {
  // These judge the client, which is not the caller but ourselves: the log has them.
  const isOurs = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type'].includes(error.error);
  return isOurs
    ? oauthError('server_error', "The connection's authorization server does not accept this server as a client.")
    : error;
}

/** What is said, and logged, of an ID token that was refused. */
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

/** Of a caller that names none there is. */
export const noConnection: OAuthError = oauthError(
  'invalid_request',
  'connection: there is no connection of this name.',
);

/** What keeps a caller from asking a connection's issuer for these scopes, at the beginning and at each refresh. */
export function wantedScopeFault({ scopes }: Connection, wanted: readonly string[]): OAuthError | null {
  const fault = scopeFault(wanted);
  if (fault) return fault;
  // Every sign-in asks for `openid`, whether it is configured or not.
  if (wanted.every((scope) => scope === 'openid' || scopes.includes(scope))) return null;
  return oauthError('invalid_scope', 'scope: expected scopes that are configured for this connection.');
}
