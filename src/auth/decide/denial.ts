import type { ErrorCode } from '../../errors.ts';
import type { Principal } from '../../principal.ts';

export type DenialCode = Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED'>;

/** What denied a caller who lacks no scope: another account owns it, a policy does not allow it, a claim of the token is not as required. */
export type DenialReason = 'owner' | 'policy' | 'claims';

/** A rule that denied, by its number. */
export interface DeniedRule {
  readonly id: number;
  /** `null`: for want of a scope or of a fresh authentication, or unknown. */
  readonly reason: DenialReason | null;
}

/** What was denied. */
export interface Denial {
  /** `Type.field` as the document names it. Absent for a caller who may not read the schema. */
  readonly coordinate?: string;
  /** In its place: response keys from the root, without the indices of lists. */
  readonly selection?: readonly string[];
  /** What denied, where it was not for want of a scope. Absent where a value decided: it would tell its type. */
  readonly reason?: DenialReason;
  /**
   * What it takes, in the grammar of `@auth(scope:)`; empty: any valid token. Absent where the token has a scope of each rule that denied,
   * and where a value decided: it would tell its type.
   */
  readonly requiredScopes?: readonly string[];
  /** How long ago the person may have authenticated, in seconds, where that is what is missing (RFC 9470 §3). */
  readonly maxAge?: number;
  /** The authentication contexts accepted, where that is what is missing (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
}

/** A rule that denied, or would have. */
export interface DenialEvent {
  /** `shadow`: it would have denied, and the field was given all the same. */
  readonly mode: 'enforce' | 'shadow';
  /** `Type.field` as denied. */
  readonly coordinate: string;
  /** Coordinate of the element whose rule it was. */
  readonly rule: string;
  /** The directive as written. */
  readonly source: string;
  readonly code: DenialCode;
  /** What denied, where it was not for want of a scope. */
  readonly reason?: DenialReason;
  readonly principal: Principal;
}
