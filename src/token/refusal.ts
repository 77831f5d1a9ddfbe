import { ClaimgateError } from '../errors.ts';

/** The reason why a token was refused, for programs. The message of the error is for people. */
export type RefusalReason =
  /** The token is not a JWT, or a part of it does not have the form that the specification requires. */
  | 'malformed'
  /** A required claim is missing, or its value has the wrong type. */
  | 'missing'
  /** A claim or header parameter does not have an accepted value. */
  | 'unacceptable'
  | 'expired'
  /** The token is not valid yet (`nbf`), or its time of issue (`iat`) is in the future. */
  | 'early'
  | 'forged'
  | 'unknown-key'
  | 'revoked'
  /**
   * A bound token (`cnf`) was sent as `Bearer`, an unbound token was sent as `DPoP`, or the verifier does not accept
   * `DPoP`.
   */
  | 'wrong-scheme'
  /** A check failed with an unexpected error. */
  | 'unverified';

/** The part of the token that a check refused, and the reason. */
export interface RefusalDetails {
  /** The claim or header parameter that was refused; null: the token as a whole. */
  readonly claim: string | null;
  readonly reason: RefusalReason;
  /** The error that the check threw. It is never sent to the caller. */
  readonly cause?: unknown;
}

/**
 * The error of a refused access token (RFC 6750 §3.1, `invalid_token`). The caller gets the message, but not the
 * fields. Only the reason `expired` is also part of the evidence.
 */
export class TokenRefusal extends ClaimgateError {
  /** The claim or header parameter that was refused; null: the token as a whole. */
  readonly claim: string | null;
  readonly reason: RefusalReason;

  constructor(message: string, { claim, reason, cause }: RefusalDetails) {
    super('INVALID_TOKEN', message, { cause, ...(reason === 'expired' && { evidence: { reason } }) });
    this.claim = claim;
    this.reason = reason;
  }
}

/**
 * Makes the error of a refused access token.
 *
 * @param sentence - why the token is refused, as the end of a sentence; contains no part of the token
 */
export function refused(sentence: string, details: RefusalDetails): TokenRefusal {
  return new TokenRefusal(`The access token was refused: ${sentence}.`, details);
}

/** Makes the error of a token whose `exp` has passed. The verifier throws it only if every other check has passed. */
export function expired(): TokenRefusal {
  return refused('it has expired', { claim: 'exp', reason: 'expired' });
}

/** Whether an error says that the token has expired. */
export function isExpired(error: unknown): boolean {
  return error instanceof TokenRefusal && error.reason === 'expired';
}

/** Makes the error for an unexpected failure of a check. The token is refused. */
export function unverified(cause?: unknown): TokenRefusal {
  return refused('it could not be verified', { claim: null, reason: 'unverified', cause });
}
