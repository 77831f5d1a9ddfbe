import { ClaimgateError } from '../errors.ts';

/**
 * The error of a refused access token (RFC 6750 §3.1, `invalid_token`).
 *
 * @param reason - which check failed, as the end of a sentence, and never any part of the token
 * @param cause - what the check threw; it stays in the process
 */
export function refused(reason: string, cause?: unknown): ClaimgateError {
  return new ClaimgateError('INVALID_TOKEN', `The access token was refused: ${reason}.`, { cause });
}

/** The `reason` of a token that was refused for its expiry and nothing else. */
const expiry = 'expired';

/** The error of a token whose `exp` is past. The verifier throws it where every other check has passed. */
export function expired(): ClaimgateError {
  const { code, message } = refused('it has expired');
  return new ClaimgateError(code, message, { evidence: { reason: expiry } });
}

/** Whether a check has failed for the time alone. */
export function isExpired(error: unknown): boolean {
  return error instanceof ClaimgateError && error.code === 'INVALID_TOKEN' && error.evidence.reason === expiry;
}
