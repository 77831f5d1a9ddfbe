import { ClaimgateError } from '../../errors.ts';
import { readCompact } from '../checks/compact.ts';
import type { Replays } from '../ports.ts';
import { checks, type PresentedProof } from './checks.ts';
import { createNonces, type Nonces } from './nonce.ts';
import { proofRefused } from './refusal.ts';
import { checkSettings, defaultAlgorithms, defaultWindow, type ProofSettings } from './settings.ts';

export type { PresentedProof } from './checks.ts';

/** Checks that the sender of a bound token has its key. */
export interface ProofChecker {
  /**
   * Checks a proof as RFC 9449 §4.3 lists it, and that it was not used before (§11.1).
   *
   * Does not check the access token itself: that is the verifier's, and comes first.
   *
   * @throws ClaimgateError `INVALID_DPOP_PROOF`; `USE_DPOP_NONCE` where nonces are on and the proof has none that is
   * still good; `PROOFS_UNAVAILABLE` where it cannot be found out whether the proof was used before
   */
  check(presented: PresentedProof): Promise<void>;
  /** The signature algorithms that a proof may have: what a challenge says as `algs` (RFC 9449 §7.1). */
  readonly algorithms: readonly string[];
  /** The nonce for the next proof, to be sent as `DPoP-Nonce` (RFC 9449 §9); `null` where none is asked for. */
  nonce(): string | null;
}

/** What a checker is made with. */
export interface ProofCheckerOptions extends ProofSettings {
  /**
   * Where the proofs that were used are remembered. Every replica must ask the same one, or a proof is good once on each:
   * `memoryReplays` is for a single process.
   */
  readonly replays: Replays;
  /** Nonces that are made elsewhere, in the place of those of `nonce`. */
  readonly nonces?: Nonces;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Makes a checker of DPoP proofs, for `createVerifier` and for the challenges of `createContext`.
 *
 * @throws StartError with all faults of the options
 */
export function createProofChecker(options: ProofCheckerOptions): ProofChecker {
  checkSettings(options);
  const { replays, clock = Date.now, algorithms = defaultAlgorithms, window = defaultWindow } = options;
  const nonces = options.nonces ?? (options.nonce ? createNonces(options.nonce, clock) : null);
  const demands = { replays, algorithms, window, nonces };
  return {
    algorithms,
    nonce: () => nonces?.current() ?? null,
    async check(presented) {
      try {
        const proof = { ...presented, ...readProof(presented.proof), now: clock() };
        for (const { check } of checks) {
          const later = check(proof, demands);
          if (later) await later;
        }
      } catch (error) {
        // Closed by default: a failure that no check provides for is the proof's fault.
        throw error instanceof ClaimgateError ? error : proofRefused('it could not be checked', error);
      }
    },
  };
}

/** RFC 9449 §4.3 (2): one well-formed JWT. */
function readProof(proof: string): ReturnType<typeof readCompact> {
  try {
    return readCompact(proof);
  } catch (error) {
    throw proofRefused('it is not a well-formed JWT', error);
  }
}
