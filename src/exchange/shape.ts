import { type OAuthError, oauthError } from './oauth-error.ts';
import { isScopeToken } from '../protocol/scope.ts';

/** Bounds well above what any server hands out, so that nothing of absurd size is sent on. */
const longestCode = 4096;
const longestToken = 16_384;
const longestRedirectUri = 2048;
const mostScopes = 100;
const longestScope = 256;

/** Whether this is 1 to `longest` characters of VSCHAR, of which codes, tokens and secrets consist (RFC 6749 appendix A). */
export function isVisibleAscii(value: string, longest: number): boolean {
  return value.length <= longest && /^[\x20-\x7e]+$/.test(value);
}

/** What is malformed in an authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.1). */
export function codeFault(grant: { code: string; codeVerifier: string; redirectUri: string }): OAuthError | null {
  if (!isVisibleAscii(grant.code, longestCode)) return malformed('code', 'an authorization code');
  if (!/^[\w.~-]{43,128}$/.test(grant.codeVerifier)) {
    return malformed('codeVerifier', '43 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_" and "~" (RFC 7636 §4.1)');
  }
  if (!isVisibleAscii(grant.redirectUri, longestRedirectUri)) {
    return malformed('redirectUri', 'the redirect URI of the authorization request');
  }
  return null;
}

/** What is malformed in a refresh token grant (RFC 6749 §6). */
export function refreshFault(grant: { refreshToken: string; scope: readonly string[] | null }): OAuthError | null {
  if (!isVisibleAscii(grant.refreshToken, longestToken)) return malformed('refreshToken', 'a refresh token');
  return grant.scope && scopeFault(grant.scope);
}

/** What is malformed in a list of scopes. */
export function scopeFault(scope: readonly string[]): OAuthError | null {
  if (
    scope.length > 0 &&
    scope.length <= mostScopes &&
    scope.every((one) => one.length <= longestScope && isScopeToken(one))
  )
    return null;
  return oauthError('invalid_scope', `scope: expected 1 to ${mostScopes} scopes (RFC 6749 §3.3).`);
}

/** What is malformed in what comes back to a connection's redirect URI. A handle or a state that is none is merely wrong. */
export function connectionCodeFault(response: {
  code: string;
  transaction: string;
  state: string;
  iss: string | null;
}): OAuthError | null {
  if (!isVisibleAscii(response.code, longestCode)) return malformed('code', 'an authorization code');
  if (!isVisibleAscii(response.transaction, longestCode))
    return malformed('transaction', 'what beginAuthorization gave');
  if (!isVisibleAscii(response.state, longestCode)) return malformed('state', 'the state that came with the code');
  if (response.iss !== null && response.iss.length > longestRedirectUri) return malformed('iss', 'an issuer');
  return null;
}

/** What is malformed in a revocation (RFC 7009 §2.1). */
export function revocationFault(token: string): OAuthError | null {
  return isVisibleAscii(token, longestToken) ? null : malformed('token', 'an access token or a refresh token');
}

function malformed(parameter: string, expected: string): OAuthError {
  return oauthError('invalid_request', `${parameter}: expected ${expected}.`);
}
