import { ClaimgateError } from '../errors.ts';

/**
 * The fault in an answer of an issuer, or the reason why there is no answer. The message is for the operator. It
 * contains no value that a caller sent.
 */
export class IssuerFault extends Error {
  override readonly name = 'IssuerFault';
  /**
   * A code for logs and metrics, such as `time-out`, `status-503` or `no-jwks-uri`. Some codes have details after a
   * colon.
   */
  readonly reason: string;

  /** @param message - the sentence for the operator. If possible, it names the address */
  constructor(message: string, reason: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/**
 * Returns the reason of a failure as a code. This is the `reason` of an `IssuerFault`, or the code of a system error.
 * For any other error it is `no-answer`.
 */
export function issuerFaultReason(error: unknown): string {
  if (error instanceof IssuerFault) return error.reason;
  // Node's `fetch` throws a TypeError whose `cause` is the system error.
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no-answer';
}

/** Makes the error for a caller if the keys of an issuer are not available. @param cause for the operator's log */
export function keysUnavailable(cause: unknown): ClaimgateError {
  return new ClaimgateError(
    'KEYS_UNAVAILABLE',
    "The keys of the token's issuer are not available at present: try again.",
    {
      cause,
    },
  );
}
