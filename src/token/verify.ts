import { ClaimgateError } from '../errors.ts';
import { makePrincipal, type VerifiedPrincipal } from '../principal.ts';
import { type AccessTokenClaims, readClaims } from './claims.ts';
import { readCompact } from './compact.ts';
import { deepFreeze } from './freeze.ts';
import { checkHeader } from './header.ts';
import { checkIssuers, type Issuer, type IssuerOptions } from './issuer.ts';
import { refused } from './refusal.ts';
import { verifySignature } from './signature.ts';

/** Whom a verifier believes, and what time it is. */
export interface VerifierOptions {
  /** The issuers accepted; a token's own `iss` chooses among them. */
  readonly issuers: readonly IssuerOptions[];
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/** Verifies access tokens. */
export interface Verifier {
  /**
   * Verifies a bearer token: a JWT access token (RFC 9068) of one of the issuers.
   *
   * Does not ask whether it was revoked.
   *
   * @throws ClaimgateError `INVALID_TOKEN` for every token that is not in order, whatever went wrong;
   * `KEYS_UNAVAILABLE` where its issuer's keys cannot be had at present
   */
  verify(token: string): Promise<VerifiedPrincipal>;
}

/**
 * Makes a verifier. Fetches nothing: keys are asked for when a token needs them.
 *
 * @throws StartError with all faults of the issuers
 */
export function createVerifier({ issuers, clock = Date.now }: VerifierOptions): Verifier {
  const trusted = checkIssuers(issuers);
  return {
    async verify(token) {
      try {
        return await verify(token, trusted, clock());
      } catch (error) {
        // Closed by default: whatever nobody thought of is the token's fault, and the log has the cause.
        throw error instanceof ClaimgateError ? error : refused('it could not be verified', error);
      }
    },
  };
}

/** The checks in their order: cheap ones first, and no key is looked up for a token that could not be accepted anyway. */
async function verify(token: string, trusted: ReadonlyMap<string, Issuer>, now: number): Promise<VerifiedPrincipal> {
  const { header, payload } = readCompact(token);
  const issuer = typeof payload.iss === 'string' ? trusted.get(payload.iss) : undefined;
  if (!issuer) throw refused('its issuer (iss) is not trusted here');
  const hint = checkHeader(header, issuer);
  const verified = await verifySignature(token, hint, issuer, now);
  const claims = readClaims(verified, Math.floor(now / 1000), issuer.clockTolerance);
  return principal(claims, issuer.primary, deepFreeze(verified));
}

function principal(
  claims: AccessTokenClaims,
  primary: boolean,
  payload: Readonly<Record<string, unknown>>,
): VerifiedPrincipal {
  const token = { ...claims, claims: payload };
  // RFC 9068 §2.2: where no person takes part, the subject is the application itself.
  if (claims.subject === claims.clientId) return makePrincipal({ kind: 'application', ...token });
  return makePrincipal({ kind: 'account', accountId: primary ? claims.subject : null, ...token });
}
