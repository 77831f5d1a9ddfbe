import { makePrincipal, type VerifiedPrincipal } from '../../principal.ts';
import type { Candidate } from './checks.ts';
import type { AccessTokenClaims } from './claims.ts';
import { deepFreeze } from '../cache/freeze.ts';
import type { Issuer } from '../issuers/issuer.ts';
import { refused } from '../refusal.ts';
import type { Revocable } from '../revocation/revocations.ts';

/** A token that is in order as far as the token itself can say: what is left to ask is asked anew with every request. */
export interface Verified extends Revocable {
  readonly principal: VerifiedPrincipal;
  readonly issuer: Issuer;
  /** The thumbprint of the key that signed it: while its issuer has that key no more, this counts for nothing. */
  readonly signer: string;
  /** `cnf.jkt`: who sends it must prove to have this key (RFC 9449 §6). */
  readonly thumbprint: string | null;
}

/**
 * What is known of a token whose checks have all passed.
 *
 * @throws ClaimgateError `INVALID_TOKEN` where a check was left out
 */
export function verifiedToken({ payload, issuer, found: { signer, claims } }: Candidate): Verified {
  if (signer === null || claims === null) throw refused('it was not verified');
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
