/**
 * The error codes that a caller may receive, and their default descriptions. The issuer's own descriptions are not
 * passed on.
 */
const descriptions = {
  // RFC 6749 §5.2
  invalid_request: 'The token request lacks something, repeats something or is malformed.',
  invalid_client: 'The client ID is unknown, or the client secret is wrong, missing or not expected.',
  invalid_grant:
    'The authorization code or refresh token is wrong, expired, already used, revoked, or belongs to another client, redirect URI or code verifier.',
  unauthorized_client: 'This client may not use this grant.',
  unsupported_grant_type: 'The authorization server does not know this grant.',
  invalid_scope: 'The scope is unknown, malformed, or more than was granted.',
  // RFC 8707 §2
  invalid_target: 'The resource is unknown or not allowed.',
  // RFC 7009 §2.2.1
  unsupported_token_type: 'Tokens of this kind cannot be revoked here.',
  // RFC 6749 §4.1.2.1. The token endpoint would answer with an HTTP status instead of these codes. A GraphQL answer has
  // no status.
  server_error: 'The authorization server answered with something that is not a token response.',
  temporarily_unavailable: 'The authorization server could not be reached in time. Try again.',
} as const;

/** An OAuth 2.0 error code, as the RFCs spell it. */
export type OAuthErrorCode = keyof typeof descriptions;

/**
 * An expected failure of the exchange. Only the code and the seconds of `Retry-After` may come from the authorization
 * server's answer.
 */
export interface OAuthError {
  readonly error: OAuthErrorCode;
  readonly errorDescription: string;
}

/** Makes an error. @param errorDescription - default: the description of the code */
export function oauthError(error: OAuthErrorCode, errorDescription: string = descriptions[error]): OAuthError {
  return { error, errorDescription };
}

/** Whether a code of an authorization server is passed on unchanged. */
export function isOAuthErrorCode(code: string): code is OAuthErrorCode {
  return Object.hasOwn(descriptions, code);
}
