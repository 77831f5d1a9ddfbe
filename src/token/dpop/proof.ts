import { types } from 'node:util';
import { ClaimgateError } from '../../errors.ts';
import { readCompact } from '../checks/compact.ts';
import type { Replays } from '../ports.ts';
import { checks, type PresentedProof } from './checks.ts';
import { createNonces, type NonceOptions, type Nonces } from './nonce.ts';
import { proofRefused } from './refusal.ts';
import { defaultAlgorithms, defaultWindowSeconds, type ProofSettings, settingFaults } from './settings.ts';
import { checkOptions, optionsOf } from '../../protocol/options/check-options.ts';
import { aFunction, expectsKind, strings, withFunctions } from '../../protocol/options/kinds.ts';
import { isNumber } from '../../protocol/options/values.ts';

export type { PresentedProof } from './checks.ts';

/** Checks that the sender of a bound token has the key of the token. */
export interface ProofChecker {
  /**
   * Runs the checks of RFC 9449 §4.3 on a proof, and checks that the proof was not used before (§11.1).
   * `readCredential` makes the check §4.3 (1).
   *
   * Does not check the access token. The verifier checks it first.
   *
   * @throws ClaimgateError `INVALID_DPOP_PROOF`; `USE_DPOP_NONCE` if nonces are required and the proof has no accepted
   * nonce; `PROOFS_UNAVAILABLE` if the replay store fails or is full
   */
  check(presented: PresentedProof): Promise<void>;
  /** The accepted signature algorithms of proofs. A challenge lists them in `algs` (RFC 9449 §7.1). */
  readonly algorithms: readonly string[];
  /**
   * Returns the nonce for the next proof; null if no nonce is required. The server sends the nonce in the header
   * `DPoP-Nonce` (RFC 9449 §9).
   */
  nonce(): string | null;
  /** `false`: `nonce` always returns null. Default: it may return a nonce. */
  readonly requiresNonce?: boolean;
}

/** The options of a proof checker. */
export interface ProofCheckerOptions extends ProofSettings {
  /**
   * Stores the identifiers of used proofs. All replicas must share one store. Otherwise several replicas could accept
   * the same proof. `memoryReplays` is a store for a single process.
   */
  readonly replays: Replays;
  /** Makes and checks nonces. If it is set, the option `nonce` is ignored. */
  readonly nonces?: Nonces;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

const nonceOptions = optionsOf<NonceOptions>(
  {
    secret: { check: expectsKind('a Uint8Array', types.isUint8Array), required: true },
    rotationSeconds: { check: expectsKind('a number of seconds, 1 to 3600', isNumber) },
  },
  { rotation: 'rotationSeconds, in seconds as before' },
);

const checkProofCheckerOptions = optionsOf<ProofCheckerOptions>(
  {
    replays: { check: withFunctions('the result of memoryReplays, or another store', 'add'), required: true },
    algorithms: { check: strings },
    windowSeconds: { check: expectsKind('a number of seconds, 1 to 300', isNumber) },
    nonce: { check: nonceOptions },
    nonces: { check: withFunctions('nonces', 'current', 'accepts') },
    clock: { check: aFunction },
  },
  { window: 'windowSeconds, in seconds as before' },
  settingFaults,
);

/**
 * Makes a checker of DPoP proofs. Pass it to `createVerifier`, which checks proofs, and to `createContext`, which
 * writes challenges.
 *
 * @throws StartError with all faults of the options
 */
export function createProofChecker(options: ProofCheckerOptions): ProofChecker {
  checkOptions('createProofChecker', options, checkProofCheckerOptions);
  const { replays, clock = Date.now, algorithms = defaultAlgorithms, windowSeconds = defaultWindowSeconds } = options;
  const nonces = options.nonces ?? (options.nonce ? createNonces(options.nonce, clock) : null);
  const demands = { replays, algorithms, windowSeconds, nonces };
  return {
    algorithms,
    nonce: () => nonces?.current() ?? null,
    requiresNonce: nonces !== null,
    async check(presented) {
      try {
        const proof = { ...presented, ...readProof(presented.proof), now: clock() };
        for (const { check } of checks) {
          const later = check(proof, demands);
          if (later) await later;
        }
      } catch (error) {
        // An unexpected failure of a check also refuses the proof.
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
