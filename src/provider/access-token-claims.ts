import { createHash } from 'node:crypto';
import type { AccessToken, ClientCredentials, KoaContextWithOIDC, UnknownObject } from 'oidc-provider';

/**
 * What an access token says beside what RFC 9068 §2.2 requires and the library gives: under which grant and session it was
 * issued, so that it goes with them, and when and how the person was authenticated (RFC 9068 §2.2.1, RFC 9470 §6.2).
 */
export async function accessTokenClaims(
  { oidc }: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<UnknownObject | undefined> {
  if (token.kind !== 'AccessToken') return undefined;
  // At the exchange there is a code, at a refresh a refresh token.
  const source = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken;
  const { authTime, acr, sessionUid } = source ?? {};
  return {
    ...(token.grantId !== undefined && { grant_id: token.grantId }),
    ...(sessionUid !== undefined && { sid: sessionClaim(sessionUid) }),
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(acr !== undefined && { acr }),
  };
}

/** Nothing that finds a session leaves the server. */
function sessionClaim(uid: string): string {
  return createHash('sha256').update(uid).digest('base64url');
}
