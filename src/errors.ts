import type { ErrorCode } from './error-kinds.ts';

export { errorKinds, statusOf, type ErrorCode, type StatusReason } from './error-kinds.ts';

/** Evidence for the caller, without secrets. It is sent as GraphQL `extensions`. */
export interface Evidence {
  /** Scope alternatives, in the grammar of `@auth(scope:)`. */
  readonly requiredScopes?: readonly string[];
  /** In seconds: how long ago the person may have authenticated (RFC 9470 §3). */
  readonly maxAge?: number;
  /** The accepted authentication contexts (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
  /** The limit that was exceeded. */
  readonly limit?: string;
  /** The counted number; absent where counting stopped at the limit. */
  readonly found?: number;
  /** The value of the limit. */
  readonly allowed?: number;
  /** The reason, as one word. */
  readonly reason?: string;
  /** `Type.field` of the denied schema element. */
  readonly coordinate?: string;
  /** Replaces `coordinate` for a caller that may not read the schema: response keys from the root, without list indices. */
  readonly selection?: readonly string[];
  /** All denials, where there are several. */
  readonly denials?: readonly Evidence[];
  /** The `scope` of an `insufficient_scope` challenge (RFC 6750 §3). */
  readonly challengeScope?: string;
}

/** An error with a stable code. Its message and evidence are for the caller. `cause` never leaves the process. */
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

/** Whether an error reports that the database is unavailable, so that the caller may try again. */
export function isOutage(error: unknown): error is ClaimgateError {
  return error instanceof ClaimgateError && error.code === 'DATABASE_UNAVAILABLE';
}

/** The faults that prevent the start of the server: all that were found, one line each. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
