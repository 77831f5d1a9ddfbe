import type { TokenEndpointResponse } from 'openid-client';
import { scopeTokens } from '../protocol/scope.ts';

/** A successful answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenSet {
  readonly accessToken: string;
  /** The scheme for the `Authorization` header. */
  readonly tokenType: 'Bearer' | 'DPoP';
  /** The lifetime in whole seconds from now. Null if the answer has no valid lifetime. */
  readonly expiresIn: number | null;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** Empty if the answer has no scope. */
  readonly scope: readonly string[];
}

/** Reads the answer of a token endpoint. openid-client has checked the types of its members, but not their sizes. */
export function tokenSet(answer: TokenEndpointResponse): TokenSet {
  return {
    accessToken: answer.access_token,
    tokenType: answer.token_type === 'dpop' ? 'DPoP' : 'Bearer',
    expiresIn: lifetimeSeconds(answer.expires_in),
    refreshToken: answer.refresh_token ?? null,
    idToken: answer.id_token ?? null,
    scope: scopeTokens(answer.scope ?? ''),
  };
}

/**
 * Returns a lifetime that fits a GraphQL `Int` (31 bits). Null for an invalid lifetime. The function does not throw,
 * because the code is already used. After an error, the caller could not get the tokens again.
 */
function lifetimeSeconds(seconds: number | undefined): number | null {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(Math.floor(seconds), 2 ** 31 - 1);
}
