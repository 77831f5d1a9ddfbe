import { type OAuthError, oauthError } from './oauth-error.ts';
import { isScopeToken } from '../protocol/scope.ts';

/** Bounds in characters. Longer values are refused. The values that servers issue are much shorter. */
const maxCodeLength = 4096;
const maxTokenLength = 16_384;
const maxRedirectUriLength = 2048;
const maxScopes = 100;
const maxScopeLength = 256;

/**
 * Whether a value has 1 to `maxLength` characters, all in VSCHAR. Codes, tokens and secrets consist of VSCHAR (RFC 6749
 * appendix A).
 */
export function isVisibleAscii(value: string, maxLength: number): boolean {
  return value.length <= maxLength && /^[\x20-\x7e]+$/.test(value);
}

/**
 * Checks the form of an authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.1).
 *
 * @returns the fault, or null
 */
export function codeFault(grant: { code: string; codeVerifier: string; redirectUri: string }): OAuthError | null {
  if (!isVisibleAscii(grant.code, maxCodeLength)) return malformed('code', 'an authorization code');
  if (!/^[\w.~-]{43,128}$/.test(grant.codeVerifier)) {
    return malformed('codeVerifier', '43 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_" and "~" (RFC 7636 §4.1)');
  }
  if (!isVisibleAscii(grant.redirectUri, maxRedirectUriLength)) {
    return malformed('redirectUri', 'the redirect URI of the authorization request');
  }
  return null;
}

/** Checks the form of a refresh token grant (RFC 6749 §6). @returns the fault, or null */
export function refreshFault(grant: { refreshToken: string; scope: readonly string[] | null }): OAuthError | null {
  if (!isVisibleAscii(grant.refreshToken, maxTokenLength)) return malformed('refreshToken', 'a refresh token');
  return grant.scope && scopeFault(grant.scope);
}

/** Checks the form of a list of scopes, but not that the scopes exist. @returns the fault, or null */
export function scopeFault(scope: readonly string[]): OAuthError | null {
  if (
    scope.length > 0 &&
    scope.length <= maxScopes &&
    scope.every((name) => name.length <= maxScopeLength && isScopeToken(name))
  )
    return null;
  return oauthError('invalid_scope', `scope: expected 1 to ${maxScopes} scopes (RFC 6749 §3.3).`);
}

/**
 * Checks the form of an authorization response of a connection. Returns the fault, or null. It checks only the
 * characters and length of `transaction` and `state`. The exchange compares their values later.
 */
export function connectionCodeFault(response: {
  code: string;
  transaction: string;
  state: string;
  iss: string | null;
}): OAuthError | null {
  if (!isVisibleAscii(response.code, maxCodeLength)) return malformed('code', 'an authorization code');
  if (!isVisibleAscii(response.transaction, maxCodeLength))
    return malformed('transaction', 'what beginAuthorization gave');
  if (!isVisibleAscii(response.state, maxCodeLength)) return malformed('state', 'the state that came with the code');
  if (response.iss !== null && response.iss.length > maxRedirectUriLength) return malformed('iss', 'an issuer');
  return null;
}

/** Checks the form of a revocation (RFC 7009 §2.1). @returns the fault, or null */
export function revocationFault(token: string): OAuthError | null {
  return isVisibleAscii(token, maxTokenLength) ? null : malformed('token', 'an access token or a refresh token');
}

function malformed(parameter: string, expected: string): OAuthError {
  return oauthError('invalid_request', `${parameter}: expected ${expected}.`);
}
