import type { TokenEndpointResponse } from 'openid-client';
import { scopeTokens } from '../protocol/scope.ts';

/** A successful answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenSet {
  readonly accessToken: string;
  /** As an `Authorization` header spells it. */
  readonly tokenType: 'Bearer' | 'DPoP';
  /** In whole seconds from now; null where the server does not say. */
  readonly expiresIn: number | null;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** Empty where the server does not say. */
  readonly scope: readonly string[];
}

/** @param answer as openid-client passes it: its types are checked, its sizes are not */
export function tokenSet(answer: TokenEndpointResponse): TokenSet {
  return {
    accessToken: answer.access_token,
    tokenType: answer.token_type === 'dpop' ? 'DPoP' : 'Bearer',
    expiresIn: lifetime(answer.expires_in),
    refreshToken: answer.refresh_token ?? null,
    idToken: answer.id_token ?? null,
    scope: scopeTokens(answer.scope ?? ''),
  };
}

/** A GraphQL `Int` has 31 bits, and a token set must not be lost to a strange lifetime once its code is used up. */
function lifetime(seconds: number | undefined): number | null {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(Math.floor(seconds), 2 ** 31 - 1);
}
