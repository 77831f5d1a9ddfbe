/** The error codes that a token or revocation endpoint, or we in its stead, may answer with, and what each means in our words. */
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
  // RFC 6749 §4.1.2.1, used here for the token endpoint too: a GraphQL answer has no HTTP status of its own to say it with.
  server_error: 'The authorization server answered with something that is no token response.',
  temporarily_unavailable: 'The authorization server could not be reached in time. Try again.',
} as const;

/** An OAuth 2.0 error code, as the RFCs spell it. */
export type OAuthErrorCode = keyof typeof descriptions;

/** An expected failure of the exchange. Holds nothing of what was sent or of what the authorization server answered but the code. */
export interface OAuthError {
  readonly error: OAuthErrorCode;
  readonly errorDescription: string;
}

/** @param errorDescription default: what the code means, in our words */
export function oauthError(error: OAuthErrorCode, errorDescription: string = descriptions[error]): OAuthError {
  return { error, errorDescription };
}

/** Whether the code is one that is passed on as it is. */
export function isOAuthErrorCode(code: string): code is OAuthErrorCode {
  return Object.hasOwn(descriptions, code);
}
