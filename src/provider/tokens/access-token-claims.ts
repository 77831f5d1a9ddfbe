import type { AccessToken, ClientCredentials, KoaContextWithOIDC, UnknownObject } from 'oidc-provider';
import { sessionName } from '../../identity/sessions/sessions.ts';

/**
 * Returns the claims that this server adds to the access tokens of a person. The library adds the claims of RFC 9068
 * §2.2.
 *
 * - `grant_id` and `sid`: the grant and the session of the token. When one of them ends, the token is revoked.
 * - `auth_time` and `acr`: when and how the person was authenticated (RFC 9068 §2.2.1, RFC 9470 §6.2).
 *
 * If the session has ended, `sid` is left out. The grant stays valid after the session, and its later tokens belong to
 * no session.
 */
export async function accessTokenClaims(
  { oidc }: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<UnknownObject | undefined> {
  if (token.kind !== 'AccessToken') return undefined;
  // An exchange has a code, and a refresh has a refresh token.
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
