import { ClaimgateError } from '../../errors.ts';

/**
 * The error of a refused proof (RFC 9449 §7.1, `invalid_dpop_proof`).
 *
 * @param reason - which check failed, as the end of a sentence, and never any part of the proof
 * @param cause - what the check threw; it stays in the process
 */
export function proofRefused(reason: string, cause?: unknown): ClaimgateError {
  return new ClaimgateError('INVALID_DPOP_PROOF', `The DPoP proof was refused: ${reason}.`, { cause });
}

/** The error of a proof without a nonce that is still good (RFC 9449 §9); the nonce itself is a header of the answer. */
export function nonceNeeded(): ClaimgateError {
  return new ClaimgateError('USE_DPOP_NONCE', 'The DPoP proof needs the nonce that this answer gives.');
}

/** The error where proofs that were used cannot be looked up: what may be a replay is not let through. */
export function proofsUnavailable(cause: unknown): ClaimgateError {
  const message = 'Whether the DPoP proof was used before cannot be found out at present: try again with a new one.';
  return new ClaimgateError('PROOFS_UNAVAILABLE', message, { cause });
}
