import { makePrincipal, type VerifiedPrincipal } from '../../principal.ts';
import type { Signed } from './stages.ts';
import type { AccessTokenClaims } from './claims.ts';
import { deepFreeze } from '../cache/freeze.ts';
import type { Issuer } from '../issuers/issuer.ts';
import type { Revocable } from '../revocation/revocations.ts';

/** A token that passed every check in `checks.ts`. The checks in `admission.ts` run again for every request. */
export interface Verified extends Revocable {
  readonly principal: VerifiedPrincipal;
  readonly issuer: Issuer;
  /**
   * The thumbprint of the key that verified the signature. If the issuer's set no longer has this key, the token is
   * verified again.
   */
  readonly signer: string;
  /**
   * `cnf.jkt` (RFC 9449 §6): the sender must prove possession of the key with this thumbprint. Null: the token is not
   * bound.
   */
  readonly thumbprint: string | null;
}

/** Makes the record of a verified token from the signed token and its claims. Freezes the payload. */
export function verifiedToken({ payload, issuer, signer }: Signed, claims: AccessTokenClaims): Verified {
  return {
    principal: principalOf(claims, deepFreeze(payload)),
    issuer,
    signer,
    thumbprint: claims.thumbprint,
    issuedAt: claims.issuedAt,
    tokenId: claims.tokenId,
    grantId: claims.grantId,
    sessionId: claims.sessionId,
  };
}

function principalOf(
  { issuer, subject, clientId, application, accountId, scopes, expiresAt }: AccessTokenClaims,
  claims: Readonly<Record<string, unknown>>,
): VerifiedPrincipal {
  // Spread syntax would take more memory: V8 would store the members in a separate array.
  return application
    ? makePrincipal({ kind: 'application', issuer, subject, clientId, scopes, expiresAt, claims })
    : makePrincipal({ kind: 'account', accountId, issuer, subject, clientId, scopes, expiresAt, claims });
}
