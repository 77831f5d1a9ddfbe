import { ClaimgateError } from '../errors.ts';
import type { VerifiedPrincipal } from '../principal.ts';
import { notify } from '../protocol/notify.ts';
import { admissionChecks } from './checks/admission.ts';
import { createTokenCache, type TokenCache } from './cache/cache.ts';
import { comparisons, form, hasExpired, header, issuer, requiredClaims, signature } from './checks/checks.ts';
import { longest, tooLong } from './checks/compact.ts';
import type { Credential, RequestTarget } from './credential/credential.ts';
import type { ProofChecker } from './dpop/proof.ts';
import { checkIssuers, type IssuerOptions } from './issuers/issuer.ts';
import { expired, isExpired, unverified } from './refusal.ts';
import type { Revocations } from './revocation/revocations.ts';
import { type Verified, verifiedToken } from './checks/verified.ts';
import { createSingleFlight } from '../protocol/single-flight.ts';

/** The issuers that a verifier trusts, what it remembers, and its clock. */
export interface VerifierOptions {
  /** The issuers accepted; a token's own `iss` chooses among them. */
  readonly issuers: readonly IssuerOptions[];
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Keeps the tokens that were verified. Default: `createTokenCache()`, of this verifier alone. */
  readonly cache?: TokenCache;
  /** What was revoked. The verifier asks it with every request. Default: nothing is revoked. */
  readonly revocations?: Pick<Revocations, 'isRevoked'>;
  /** Checks the proofs of the `DPoP` scheme. Default: that scheme is refused. */
  readonly proofs?: ProofChecker;
  /**
   * Called in passing for each credential: why it was refused, null where it was not; and whether its token had been verified
   * before. What it throws or rejects with is lost.
   */
  readonly onVerification?: (error: ClaimgateError | null, cached: boolean) => void;
}

/** Verifies access tokens. */
export interface Verifier {
  /**
   * Verifies the credential of a request: a JWT access token (RFC 9068) of one of the issuers, and with the `DPoP` scheme
   * the proof that its sender has the key it is bound to (RFC 9449 §7.1).
   *
   * A token that was verified before, and has not reached its `exp`, and whose key its issuer still has, is not verified
   * again: its principal is then the same object as before, and comes at once where the scheme is `Bearer`. The tolerance
   * is for tokens that come for the first time: after `exp` each use is verified anew.
   *
   * @throws ClaimgateError, at once or later: `INVALID_TOKEN` for every token that is not in order, with the
   * evidence `reason: 'expired'` where nothing else is wrong with credential and token than that its `exp` is past;
   * `KEYS_UNAVAILABLE` where its issuer's keys are not available at present, `REVOCATIONS_UNAVAILABLE` where revocations
   * are not known; and what the proof checker throws
   */
  verify(credential: Credential, target: RequestTarget): VerifiedPrincipal | Promise<VerifiedPrincipal>;
}

/**
 * Makes a verifier. Fetches nothing: keys are asked for when a token needs them.
 *
 * @throws StartError with all faults of the issuers
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { issuers, clock = Date.now, cache = createTokenCache(), revocations, proofs } = options;
  const tell = (error: ClaimgateError | null, cached: boolean): void => notify(options.onVerification, error, cached);
  const trusted = checkIssuers(issuers);
  /** Callers that bring the same token at once share one verification, and so one principal. */
  const underWay = createSingleFlight<string, Looked>();

  const verifyToken = async (key: string, token: string): Promise<Looked> => {
    const candidate = issuer.check(token, form.check(token), trusted, seconds(clock()));
    const signed = await signature.check(candidate, header.check(candidate));
    let late = false;
    for (const { check } of comparisons) {
      try {
        check(signed);
      } catch (error) {
        // Expiry is reported only where the rest of the checks passes.
        if (!isExpired(error)) throw error;
        late = true;
      }
    }
    const verified = verifiedToken(signed, requiredClaims.check(signed));
    if (!late && clock() < endOf(verified)) cache.keep(key, verified);
    return { verified, late };
  };

  const admit = (key: string, verified: Verified, credential: Credential, target: RequestTarget) => {
    const { principal, thumbprint } = verified;
    try {
      const admission = { verified, scheme: credential.scheme, proofs: proofs !== undefined, revocations };
      for (const { check } of admissionChecks) check(admission);
    } catch (error) {
      // An outage says nothing about the token: what was verified stays verified.
      if (!(error instanceof ClaimgateError) || error.code === 'INVALID_TOKEN') cache.drop(key);
      throw error;
    }
    if (credential.scheme === 'Bearer') return principal;
    // Neither can be: the checks refuse a proof without a checker, and a token that is not bound.
    if (!proofs || thumbprint === null) throw unverified();
    const { proof, token } = credential;
    return proofs.check({ proof, token, thumbprint, target }).then(() => principal);
  };

  const verifyAnew = async (key: string, credential: Credential, target: RequestTarget) => {
    const { verified, late } = await underWay.run(key, () => verifyToken(key, credential.token));
    const principal = await admit(key, verified, credential, target);
    // Fetching the keys may have taken long.
    if (late || hasExpired(verified.principal.expiresAt, verified.issuer, seconds(clock()))) throw expired();
    return principal;
  };

  const told = async (verifying: Promise<VerifiedPrincipal>, cached: boolean) => {
    try {
      const principal = await verifying;
      tell(null, cached);
      return principal;
    } catch (error) {
      const fault = closed(error);
      tell(fault, cached);
      throw fault;
    }
  };

  return {
    verify(credential, target) {
      let cached = false;
      try {
        const { token } = credential;
        if (token.length > longest) throw tooLong();
        const key = cache.keyOf(token);
        const known = cache.find(key);
        if (known && clock() < endOf(known) && known.issuer.keys.has(known.signer)) {
          cached = true;
          const admitted = admit(key, known, credential, target);
          if (admitted instanceof Promise) return told(admitted, cached);
          tell(null, cached);
          return admitted;
        }
        cache.drop(key);
        return told(verifyAnew(key, credential, target), cached);
      } catch (error) {
        const fault = closed(error);
        tell(fault, cached);
        throw fault;
      }
    },
  };
}

/** A token of which every check but that of its expiry has passed. */
interface Looked {
  readonly verified: Verified;
  /** Whether it had expired: then nothing may be done with it but refuse it for that. */
  readonly late: boolean;
}

/** Closed by default: a failure that no check provides for is the token's fault, and the log has the cause. */
function closed(error: unknown): ClaimgateError {
  return error instanceof ClaimgateError ? error : unverified(error);
}

/** When a token may be kept no longer, in milliseconds since the epoch. */
function endOf({ principal }: Verified): number {
  return principal.expiresAt * 1_000;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
