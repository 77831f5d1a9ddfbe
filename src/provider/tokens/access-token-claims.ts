import type { AccessToken, ClientCredentials, KoaContextWithOIDC, UnknownObject } from 'oidc-provider';
import { sessionName } from '../../identity/sessions/sessions.ts';

/**
 * What an access token says beside what RFC 9068 §2.2 requires and the library gives: under which grant and session it was
 * issued, so that it goes with them, and when and how the person was authenticated (RFC 9068 §2.2.1, RFC 9470 §6.2).
 *
 * A session that is over is not named: the grant outlives it, and what it yields from then on is not of that session.
 */
export async function accessTokenClaims(
  { oidc }: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<UnknownObject | undefined> {
  if (token.kind !== 'AccessToken') return undefined;
  // At the exchange there is a code, at a refresh a refresh token.
  const source = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken;
  const { authTime, acr, sessionUid } = source ?? {};
  const session = sessionUid === undefined ? undefined : await oidc.provider.Session.findByUid(sessionUid);
  return {
    ...(token.grantId !== undefined && { grant_id: token.grantId }),
    ...(session !== undefined && { sid: sessionName(session.uid) }),
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(acr !== undefined && { acr }),
  };
}
