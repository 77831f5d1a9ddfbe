import type { DenialEvent } from '../decide/denial.ts';
import type { Policy, PolicyFault } from '../policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** The options of `createGuardedSchema` that say how rules are enforced. */
export interface EnforcementOptions {
  /** The functions that `@auth(policy:)` names. Default: none. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /**
   * Called when a policy returned no verdicts, so that its questions were denied. The policy threw an error, was late,
   * was not called because too many calls were in progress, or returned a value that is not a list of the right length.
   * Default: no-op.
   */
  readonly onPolicyFault?: (policy: string, reason: PolicyFault) => void;
  /**
   * The time limit of a question to a policy, in milliseconds. It includes the wait for a free place and the call
   * itself. A later answer denies. Default 5,000.
   */
  readonly policyTimeout?: number;
  /**
   * How many calls of each policy may be in progress at once, over all operations. At most 1,000 further calls wait. A
   * waiting call denies when its time limit has passed. A call is in progress until the policy's promise settles. So if
   * a policy never settles, at most this many of its calls are in progress, and all further questions are denied.
   * SHADOW rules have a separate limit of the same number. Default 100.
   */
  readonly policyCalls?: number;
  /**
   * How many calls of all policies together may be in progress at once for one operation. SHADOW rules have a separate
   * limit of the same number. Default 10.
   */
  readonly operationPolicyCalls?: number;
  /**
   * Returns the account ID that the value of an argument stands for, if a rule names the argument in `owner:
   * "$argument"`. Set it if arguments are not account IDs themselves, but for example global IDs. `null`: the value
   * stands for no account. Default: the argument is the account ID.
   */
  readonly accountIdOf?: (argument: string) => string | null;
  /**
   * Returns the type of a field's value, if the field returns an interface or a union and its arguments determine the
   * type. Rules of this type that depend on the caller alone are then decided before the resolver runs. `null`: the
   * type is unknown. If the function throws or returns anything else, the resolver does not run and the field has an
   * error. Default: the type is always unknown.
   */
  readonly typeOf?: (coordinate: string, args: Readonly<Record<string, unknown>>) => string | null;
  /**
   * How deep the variables and literals of an operation may be, as a count of objects within one another and of lists
   * directly in lists. An operation with deeper inputs is refused with LIMIT_EXCEEDED. `decideOperation` checks the
   * depth before it coerces the inputs. Default 60.
   */
  readonly inputDepth?: number;
  /**
   * What happens to a query if a part of it is denied. `partial`: the allowed part runs. `reject`: no part runs if the
   * access token alone denies a part. Default `partial`.
   */
  readonly denial?: 'partial' | 'reject';
  /**
   * Whether the schema is hidden from a caller. Then denials name the path of the selection instead of `coordinate`. If
   * the function throws or returns anything but `false`, the schema is hidden. Default: the schema is hidden from no
   * caller.
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
