import type { ErrorCode } from './error-kinds.ts';

export { errorKinds, statusOf, type ErrorCode, type StatusReason } from './error-kinds.ts';

/** Evidence for the caller. It is sent as GraphQL `extensions`, and contains no secret. */
export interface Evidence {
  /** The alternative sets of scopes, in the grammar of `@auth(scope:)`. */
  readonly requiredScopes?: readonly string[];
  /** The maximum age of the authentication, in seconds (RFC 9470 §3). */
  readonly maxAge?: number;
  /** The accepted authentication contexts (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
  /** The name of the limit that was exceeded. */
  readonly limit?: string;
  /** The number that was found. If counting stopped at the limit, it is one more than `allowed`, or absent. */
  readonly found?: number;
  /** The value of the limit. */
  readonly allowed?: number;
  /** The reason, as one word. */
  readonly reason?: string;
  /** `Type.field` of the denied schema element. Absent if the schema is hidden from the caller. */
  readonly coordinate?: string;
  /**
   * The response keys from the root, without list indices. Present instead of `coordinate` if the schema is hidden from
   * the caller.
   */
  readonly selection?: readonly string[];
  /** All denials, if there are several. */
  readonly denials?: readonly Evidence[];
  /** The `scope` of an `insufficient_scope` challenge (RFC 6750 §3). */
  readonly challengeScope?: string;
}

/** An error with a stable code. The caller gets the message and the evidence. The caller never gets `cause`. */
export class ClaimgateError extends Error {
  override readonly name = 'ClaimgateError';
  readonly code: ErrorCode;
  readonly evidence: Evidence;

  constructor(code: ErrorCode, message: string, options: { evidence?: Evidence; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.evidence = options.evidence ?? {};
  }
}

/** Whether an error reports that the database is unavailable. */
export function isOutage(error: unknown): error is ClaimgateError {
  return error instanceof ClaimgateError && error.code === 'DATABASE_UNAVAILABLE';
}

/** All faults that prevent the start, one line for each fault. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
