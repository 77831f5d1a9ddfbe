import { ClaimgateError } from '../errors.ts';
import type { VerifiedPrincipal } from '../principal.ts';
import { notify } from '../protocol/notify.ts';
import { type Admission, admissionChecks } from './checks/admission.ts';
import { giveKnownBearers } from './known-bearer.ts';
import { createTokenCache, type TokenCache } from './cache/cache.ts';
import { comparisons, form, hasExpired, header, issuer, requiredClaims, signature } from './checks/checks.ts';
import { maxTokenLength, tooLong } from './checks/compact.ts';
import type { Credential, RequestTarget } from './credential/credential.ts';
import type { ProofChecker } from './dpop/proof.ts';
import { checkIssuers, issuersByName } from './issuers/issuer.ts';
import type { IssuerOptions } from './issuers/options.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { aFunction, withFunctions } from '../protocol/options/kinds.ts';
import type { Settings } from '../protocol/options/object.ts';
import { expired, isExpired, unverified } from './refusal.ts';
import type { Revocations } from './revocation/revocations.ts';
import { type Verified, verifiedToken } from './checks/verified.ts';
import { createSingleFlight } from '../protocol/single-flight.ts';

/** The options of a verifier. */
export interface VerifierOptions {
  /** The accepted issuers. The `iss` of a token selects one of them. */
  readonly issuers: readonly IssuerOptions[];
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Stores verified tokens. Default: a `createTokenCache()` for this verifier only. */
  readonly cache?: TokenCache;
  /** The index of revocations. The verifier looks up the token of every request in it. Default: no token is revoked. */
  readonly revocations?: Pick<Revocations, 'isRevoked'>;
  /** Checks the DPoP proofs. Default: the verifier refuses the `DPoP` scheme. */
  readonly proofs?: ProofChecker;
  /**
   * Called after each verification. `error` is the reason for the refusal; null if the credential was accepted.
   * `cached` is true if the token was found in the cache. An error of this function is ignored.
   */
  readonly onVerification?: (error: ClaimgateError | null, cached: boolean) => void;
}

/** The options that `createVerifier` and `explainToken` share. */
export const verification: Settings<Pick<VerifierOptions, 'issuers' | 'clock' | 'revocations'>> = {
  issuers: { check: checkIssuers, required: true },
  clock: { check: aFunction },
  revocations: { check: withFunctions('the result of createRevocations', 'isRevoked') },
};

const checkVerifierOptions = optionsOf<VerifierOptions>({
  ...verification,
  cache: { check: withFunctions('the result of createTokenCache', 'keyOf', 'find', 'keep', 'drop') },
  proofs: { check: withFunctions('the result of createProofChecker', 'check', 'nonce') },
  onVerification: { check: aFunction },
});

/** Verifies access tokens. */
export interface Verifier {
  /**
   * Verifies the credential of a request. The token must be a JWT access token (RFC 9068) of one of the issuers. With
   * the `DPoP` scheme, the verifier also checks that the sender has the key to which the token is bound (RFC 9449
   * §7.1).
   *
   * A token in the cache is not verified again before its `exp`, unless its issuer no longer has the key. For a token
   * in the cache, the result is the principal object of the earlier verification. With the `Bearer` scheme this object
   * is returned without a promise. The checks in `admission.ts` run for every request. After its `exp`, a token is
   * verified again for each request. It is accepted within the clock tolerance of its issuer.
   *
   * @throws ClaimgateError, directly or as a rejection: `INVALID_TOKEN` for a refused token, with the evidence `reason:
   * 'expired'` if only its `exp` is wrong; `KEYS_UNAVAILABLE` if the issuer's keys are not available;
   * `REVOCATIONS_UNAVAILABLE` if the revocations are not available; and the errors of the proof checker
   */
  verify(credential: Credential, target: RequestTarget): VerifiedPrincipal | Promise<VerifiedPrincipal>;
}

/**
 * Makes a verifier. The verifier fetches the keys of an issuer when the first token needs them.
 *
 * @throws StartError with all faults of the options and the issuers
 */
export function createVerifier(options: VerifierOptions): Verifier {
  checkOptions('createVerifier', options, checkVerifierOptions);
  const { issuers, clock = Date.now, cache = createTokenCache(), revocations, proofs } = options;
  const report = (error: ClaimgateError | null, cached: boolean): void => notify(options.onVerification, error, cached);
  const trusted = issuersByName(issuers);
  /** Requests with the same token at the same time share one verification and its principal. */
  const underWay = createSingleFlight<string, CheckedToken>();

  const verifyToken = async (key: string, token: string): Promise<CheckedToken> => {
    const candidate = issuer.check(token, form.check(token), trusted, seconds(clock()));
    const signed = await signature.check(candidate, header.check(candidate));
    let late = false;
    for (const { check } of comparisons) {
      try {
        check(signed);
      } catch (error) {
        // Expiry is reported only if all other checks pass.
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
      // If the revocations are not available, the token stays in the cache, because it may still be valid.
      if (!(error instanceof ClaimgateError) || error.code === 'INVALID_TOKEN') cache.drop(key);
      throw error;
    }
    if (credential.scheme === 'Bearer') return principal;
    // Unreachable: `admissionChecks` refuses a request with the DPoP scheme if there is no proof checker or the token
    // is not bound.
    if (!proofs || thumbprint === null) throw unverified();
    const { proof, token } = credential;
    return proofs.check({ proof, token, thumbprint, target }).then(() => principal);
  };

  const verifyAnew = async (key: string, credential: Credential, target: RequestTarget) => {
    const { verified, late } = await underWay.run(key, () => verifyToken(key, credential.token));
    const principal = await admit(key, verified, credential, target);
    // The token may have expired while the keys were fetched.
    if (late || hasExpired(verified.principal.expiresAt, verified.issuer, seconds(clock()))) throw expired();
    return principal;
  };

  const reported = async (verifying: Promise<VerifiedPrincipal>, cached: boolean) => {
    try {
      const principal = await verifying;
      report(null, cached);
      return principal;
    } catch (error) {
      const fault = closed(error);
      report(fault, cached);
      throw fault;
    }
  };

  /** Returns the verified token in the cache, if it need not be verified again. */
  const findUsable = (key: string): Verified | null => {
    const found = cache.find(key);
    return found && clock() < endOf(found) && found.issuer.keys.has(found.signer) ? found : null;
  };

  const verifier: Verifier = {
    verify(credential, target) {
      let cached = false;
      try {
        const { token } = credential;
        if (token.length > maxTokenLength) throw tooLong();
        const key = cache.keyOf(token);
        const known = findUsable(key);
        if (known !== null) {
          cached = true;
          const admitted = admit(key, known, credential, target);
          if (admitted instanceof Promise) return reported(admitted, cached);
          report(null, cached);
          return admitted;
        }
        cache.drop(key);
        return reported(verifyAnew(key, credential, target), cached);
      } catch (error) {
        const fault = closed(error);
        report(fault, cached);
        throw fault;
      }
    },
  };
  giveKnownBearers(verifier, (text) => {
    try {
      const verified = text.length > maxTokenLength ? null : findUsable(cache.keyOf(text));
      if (verified === null) return null;
      const admission: Admission = { verified, scheme: 'Bearer', proofs: proofs !== undefined, revocations };
      for (const { check } of admissionChecks) check(admission);
      report(null, true);
      return verified.principal;
    } catch {
      return null;
    }
  });
  return verifier;
}

/** A token that passed all checks, or all checks except the check of its expiry. */
interface CheckedToken {
  readonly verified: Verified;
  /** Whether the token had expired. Then the verifier must refuse it. */
  readonly late: boolean;
}

/**
 * Returns a `ClaimgateError` unchanged. Turns any other error into a refusal of the token, with the error as `cause`.
 */
function closed(error: unknown): ClaimgateError {
  return error instanceof ClaimgateError ? error : unverified(error);
}

/** The time from which the cached result must not be used, in milliseconds since the epoch. */
function endOf({ principal }: Verified): number {
  return principal.expiresAt * 1_000;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
