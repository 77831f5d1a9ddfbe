import { ClaimgateError } from '../../errors.ts';

/**
 * Makes the error of a refused proof (RFC 9449 §7.1, `invalid_dpop_proof`).
 *
 * @param reason - why the proof is refused, as the end of a sentence; contains no part of the proof
 * @param cause - the error that the check threw; it is never sent to the caller
 */
export function proofRefused(reason: string, cause?: unknown): ClaimgateError {
  return new ClaimgateError('INVALID_DPOP_PROOF', `The DPoP proof was refused: ${reason}.`, { cause });
}

/** Makes the error of a proof without an accepted nonce (RFC 9449 §9). */
export function nonceNeeded(): ClaimgateError {
  return new ClaimgateError('USE_DPOP_NONCE', 'The DPoP proof needs the nonce that this answer gives.');
}

/** Makes the error for a replay store that fails. The proof is refused, because it may have been used before. */
export function proofsUnavailable(cause: unknown): ClaimgateError {
  const message = 'Whether the DPoP proof was used before cannot be found out at present: try again with a new one.';
  return new ClaimgateError('PROOFS_UNAVAILABLE', message, { cause });
}
