import type { Caller } from '../caller.ts';
import { apiScopes, decodeJwt } from './encoding.ts';
import type { Held, SignInFacts } from '../registry.ts';
import { aboutToExpireAt, renewsAt } from './renewal-times.ts';
import type { IssuedTokens } from './token-mutations.ts';

/** What a caller becomes when tokens have arrived. */
export interface Received {
  readonly held: Held;
  readonly facts: SignInFacts;
  readonly caller: Pick<Caller, 'claims' | 'scopes' | 'expiresAt' | 'state' | 'reason'>;
}

/**
 * Makes a caller and its secrets of new tokens. Requested scopes that are not granted are its `reason`.
 *
 * @param sentAt when the request for the tokens was sent. The lifetime counts from this moment
 * @param jitter from 0 to 1
 */
export function receive(
  tokens: IssuedTokens,
  {
    sentAt,
    jitter,
    requested,
  }: { readonly sentAt: number; readonly jitter: number; readonly requested: readonly string[] },
): Received {
  const { accessToken, refreshToken, idToken, expiresIn } = tokens;
  const claims = decodeJwt(accessToken)?.claims ?? null;
  const lifetimeMs = expiresIn === null ? null : expiresIn * 1_000;
  const scopes = apiScopes(tokens.scopes);
  const missing = apiScopes(requested).filter((scope) => !scopes.includes(scope));
  const subject = claims?.['sub'] ?? (idToken === null ? null : decodeJwt(idToken)?.claims['sub']);
  const canRenew = refreshToken !== null && lifetimeMs !== null;
  return {
    held: {
      accessToken,
      refreshToken,
      renewsAt: canRenew ? renewsAt(sentAt, lifetimeMs, jitter) : null,
      aboutToExpireAt: canRenew ? aboutToExpireAt(sentAt, lifetimeMs) : null,
      failures: 0,
      isRefreshTokenUsed: 'no',
      renewal: null,
      isDoubtful: false,
    },
    facts: { subject: typeof subject === 'string' ? subject : null, requested },
    caller: {
      claims,
      scopes,
      expiresAt: lifetimeMs === null ? null : sentAt + lifetimeMs,
      state: 'ready',
      reason: missing.length === 0 ? null : `Not granted: ${missing.join(', ')}`,
    },
  };
}
