import { ClaimgateError } from '../errors.ts';

/** Why a token was refused, in a word: for programs, as the message is for people. */
export type RefusalReason =
  /** It is not a JWT, or a part of it is not of the form that its specification gives. */
  | 'malformed'
  /** What must be there is missing, or of another type. */
  | 'missing'
  /** What is there is not what is expected of the issuer's access tokens. */
  | 'unacceptable'
  | 'expired'
  /** It counts later, or says that it was issued later. */
  | 'early'
  | 'forged'
  | 'unknown-key'
  | 'revoked'
  /** The scheme that it was sent under does not fit its binding (`cnf`). */
  | 'wrong-scheme'
  /** No check has an answer. */
  | 'unverified';

/** Which part of the token a check refused, and why. */
export interface RefusalDetails {
  /** The claim or header parameter; null: the token as a whole. */
  readonly claim: string | null;
  readonly reason: RefusalReason;
  /** What the check threw. It stays in the process. */
  readonly cause?: unknown;
}

/** The error of a refused access token (RFC 6750 §3.1, `invalid_token`). Its fields stay in the process; the caller gets the message. */
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
 * @param sentence - which check failed, as the end of a sentence, without any part of the token
 */
export function refused(sentence: string, details: RefusalDetails): TokenRefusal {
  return new TokenRefusal(`The access token was refused: ${sentence}.`, details);
}

/** Makes the error of a token whose `exp` is past. The verifier throws it where every other check has passed. */
export function expired(): TokenRefusal {
  return refused('it has expired', { claim: 'exp', reason: 'expired' });
}

/** Whether a check failed for the time alone. */
export function isExpired(error: unknown): boolean {
  return error instanceof TokenRefusal && error.reason === 'expired';
}

/** Makes the error where a check failed in a way that no check provides for. Closed by default: it is the token's fault. */
export function unverified(cause?: unknown): TokenRefusal {
  return refused('it could not be verified', { claim: null, reason: 'unverified', cause });
}
