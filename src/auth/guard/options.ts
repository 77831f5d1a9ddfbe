import type { DenialEvent } from '../decide/denial.ts';
import type { Policy, PolicyFault } from '../policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** How a schema is enforced. */
export interface EnforcementOptions {
  /**
   * The functions that `@auth(policy:)` names. Default: none.
   */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** Hears why a policy denied that did not say so itself: it threw, was late or too busy, or answered with no list of the right length. */
  readonly onPolicyFault?: (policy: string, reason: PolicyFault) => void;
  /** How long a policy may take before it denies, in milliseconds. A question that has to wait before it is asked has no longer. Default 5,000. */
  readonly policyTimeout?: number;
  /**
   * How many calls of each policy may be in progress at once, for all operations. Further questions wait, 1,000 calls of them at
   * most, and deny when their time has passed. A call is in progress until the policy settles it: so a policy that never
   * settles holds what so many calls were given, and no more, and then denies. As many more may be in progress for SHADOW rules. Default 100.
   */
  readonly policyCalls?: number;
  /**
   * How many calls of all policies together may be in progress at once for one operation; as many more for SHADOW rules.
   * Default 10.
   */
  readonly operationPolicyCalls?: number;
  /**
   * The account that an argument named by `owner: "$argument"` means, where arguments are not the accounts' own identifiers:
   * global IDs, for one. `null`: none. Default: the argument as it is.
   */
  readonly accountIdOf?: (argument: string) => string | null;
  /**
   * The type of the value of a field that returns an interface or a union, where its arguments say it. Rules of the type that the
   * caller alone decides then deny before the field is resolved, whether or not there is a value. `null`: not known. Default: never known.
   */
  readonly typeOf?: (coordinate: string, args: Readonly<Record<string, unknown>>) => string | null;
  /**
   * How deep the variables and literals of an operation may be: objects within one another, and lists directly in lists. An
   * operation with deeper ones is refused with LIMIT_EXCEEDED before they are coerced. Default 60.
   */
  readonly inputDepth?: number;
  /** What becomes of a query that is denied in part: what is allowed is answered, or nothing of it runs. Default `partial`. */
  readonly denial?: 'partial' | 'reject';
  /**
   * Whether a caller may not read the schema: then denials name the path of the selection in the place of `coordinate`. Default: every
   * caller may.
   */
  readonly hidesSchema?: (principal: Principal) => boolean;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /**
   * Hears of each rule that denied, and of each SHADOW rule that would have: once for a coordinate in an operation. It is
   * called in passing: what it throws or rejects with is lost.
   */
  readonly onDenial?: (event: DenialEvent) => void;
}
