import type { ErrorCode } from '../../errors.ts';
import type { Principal } from '../../principal.ts';

/** The error codes of denials. */
export type DenialCode = Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED'>;

/**
 * The part of a rule that denied, if this part is neither a scope nor the authentication. `owner`: the caller is not
 * the owner. `policy`: a policy denied. `claims`: a claim does not have a required value.
 */
export type DenialReason = 'owner' | 'policy' | 'claims';

/** A rule that denied, by its number. */
export interface DeniedRule {
  readonly id: number;
  /** `null`: a scope or a fresh authentication is missing, the caller is anonymous, or the reason is unknown. */
  readonly reason: DenialReason | null;
}

/** One denied element, as an error reports it. */
export interface Denial {
  /** `Type.field`, with the type that the document names. Absent if the schema is hidden from the caller. */
  readonly coordinate?: string;
  /** The response keys from the root, without list indices. Present if the schema is hidden from the caller. */
  readonly selection?: readonly string[];
  /**
   * Why the element was denied. Absent if at least one rule denied without a reason (`DeniedRule.reason`), for an
   * anonymous caller, and if the reason would reveal the type of a value.
   */
  readonly reason?: DenialReason;
  /**
   * The alternative sets of scopes, in the grammar of `@auth(scope:)`. A token needs one of these sets. Empty: the
   * rules name no scope. If there is a `reason`, they are the scopes of the rules that denied and whose scopes the
   * caller lacks. Absent if there is a `reason` and no such rule, and if the scopes would reveal the type of a value.
   */
  readonly requiredScopes?: readonly string[];
  /**
   * The maximum age of the authentication, in seconds. Present if only a new authentication is missing (RFC 9470 §3).
   */
  readonly maxAge?: number;
  /** The accepted authentication contexts. Present if only a new authentication is missing (RFC 9470 §3). */
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
  /** Why the rule denied. Absent if a scope or a fresh authentication is missing, and for an anonymous caller. */
  readonly reason?: DenialReason;
  readonly principal: Principal;
}
