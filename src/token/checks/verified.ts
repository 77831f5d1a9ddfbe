import { makePrincipal, type VerifiedPrincipal } from '../../principal.ts';
import type { Signed } from './stages.ts';
import type { AccessTokenClaims } from './claims.ts';
import { deepFreeze } from '../cache/freeze.ts';
import type { Issuer } from '../issuers/issuer.ts';
import type { Revocable } from '../revocation/revocations.ts';

/** A token that passed every check of the token itself. What `admission.ts` checks is checked with every request. */
export interface Verified extends Revocable {
  readonly principal: VerifiedPrincipal;
  readonly issuer: Issuer;
  /** The thumbprint of the key that signed it. Without that key in the issuer's set the token is verified anew. */
  readonly signer: string;
  /** `cnf.jkt`: the sender must prove to have this key (RFC 9449 §6). */
  readonly thumbprint: string | null;
}

/** Makes what is kept of a token whose signature was verified and whose claims were read. Freezes the payload. */
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
  // Written out: V8 keeps the members of an object that is put together from others in an array beside it.
  return application
    ? makePrincipal({ kind: 'application', issuer, subject, clientId, scopes, expiresAt, claims })
    : makePrincipal({ kind: 'account', accountId, issuer, subject, clientId, scopes, expiresAt, claims });
}
