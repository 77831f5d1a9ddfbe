import type { DenialEvent } from '../decide/denial.ts';
import type { Policy, PolicyFault } from '../policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** The options of `createGuardedSchema` that say how rules are enforced. */
export interface EnforcementOptions {
  /** The functions that `@auth(policy:)` names. Default: none. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /**
   * Called when a policy returned no verdicts, so that its questions were denied: it threw, was late, was too busy, or
   * returned something else than a list of the right length. Default: no-op.
   */
  readonly onPolicyFault?: (policy: string, reason: PolicyFault) => void;
  /**
   * How long a question may wait and its policy may take, together, in milliseconds. A later answer denies. Default
   * 5,000.
   */
  readonly policyTimeout?: number;
  /**
   * How many calls of each policy may be in progress at once, over all operations. At most 1,000 further calls wait,
   * and deny when their time has passed. A call is in progress until the policy settles it. So a policy that never
   * settles holds the requests of at most this many calls, and then denies. As many more may be in progress for SHADOW
   * rules. Default 100.
   */
  readonly policyCalls?: number;
  /**
   * How many calls of all policies together may be in progress at once for one operation. As many more may be in
   * progress for SHADOW rules. Default 10.
   */
  readonly operationPolicyCalls?: number;
  /**
   * Returns the account ID that the argument of an `owner: "$argument"` means, if arguments are not account IDs
   * themselves. Example: global IDs. `null`: none. Default: the argument unchanged.
   */
  readonly accountIdOf?: (argument: string) => string | null;
  /**
   * Returns the type of the value of a field that returns an interface or a union, if the field's arguments determine
   * it. Then rules of that type that the caller alone decides deny before the resolver runs. `null`: unknown. Default:
   * always unknown.
   */
  readonly typeOf?: (coordinate: string, args: Readonly<Record<string, unknown>>) => string | null;
  /**
   * How deep the variables and literals of an operation may be, as a count of objects within one another and of lists
   * directly in lists. An operation with deeper ones is refused with LIMIT_EXCEEDED before they are coerced. Default
   * 60.
   */
  readonly inputDepth?: number;
  /**
   * What happens to a query of which a part is denied. `partial`: the allowed part runs. `reject`: no part runs.
   * Default `partial`.
   */
  readonly denial?: 'partial' | 'reject';
  /**
   * Whether the schema is hidden from a caller. Then denials name the path of the selection instead of `coordinate`. If
   * it throws or does not return a boolean, the schema is hidden. Default: it is hidden from no caller.
   */
  readonly hidesSchema?: (principal: Principal) => boolean;
  /** Returns the time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /**
   * Called for each rule that denied and each SHADOW rule that would have denied, once for each coordinate in an
   * operation. Errors and rejections of the callback are ignored. Default: no-op.
   */
  readonly onDenial?: (event: DenialEvent) => void;
}
