import type { ErrorCode } from '../../errors.ts';
import type { Principal } from '../../principal.ts';

/** The error codes of denials. */
export type DenialCode = Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED'>;

/**
 * Why a rule denied a caller who lacks no scope. `owner`: the caller is not the owner. `policy`: a policy denied.
 * `claims`: a claim does not have a required value.
 */
export type DenialReason = 'owner' | 'policy' | 'claims';

/** A rule that denied, by its number. */
export interface DeniedRule {
  readonly id: number;
  /** `null`: a scope or a fresh authentication is missing, or the reason is unknown. */
  readonly reason: DenialReason | null;
}

/** One denied element, as errors report it. */
export interface Denial {
  /** `Type.field` as the document names it. Absent for a caller who may not read the schema. */
  readonly coordinate?: string;
  /** Response keys from the root, without list indices. Present for a caller who may not read the schema. */
  readonly selection?: readonly string[];
  /** Why the element was denied, if no scope is missing. Absent if the reason would reveal the type of a value. */
  readonly reason?: DenialReason;
  /**
   * The alternative sets of scopes, in the grammar of `@auth(scope:)`. Each set is enough. Empty: any valid token is
   * enough. Absent if no scope is missing. Also absent if a value decided, because the scopes would reveal the type of
   * the value.
   */
  readonly requiredScopes?: readonly string[];
  /**
   * How long ago the person may have authenticated, in seconds. Present if only a new authentication is missing (RFC
   * 9470 §3).
   */
  readonly maxAge?: number;
  /** The authentication contexts that are accepted. Present if only a new authentication is missing (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
}

/** A rule that denied, or a SHADOW rule that would have denied. */
export interface DenialEvent {
  /** `shadow`: the rule would have denied, and the field was returned. */
  readonly mode: 'enforce' | 'shadow';
  /** `Type.field` of the denied field. */
  readonly coordinate: string;
  /** The coordinate of the element that carries the rule. */
  readonly rule: string;
  /** The directive as GraphQL's printer writes it. */
  readonly source: string;
  readonly code: DenialCode;
  /** Why the rule denied, if no scope is missing. */
  readonly reason?: DenialReason;
  readonly principal: Principal;
}
