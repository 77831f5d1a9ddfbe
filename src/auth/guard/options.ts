import type { OperationDefinitionNode } from 'graphql';
import type { DenialEvent } from '../decide/denial.ts';
import type { Policy, PolicyFault } from '../policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** The options of `createGuardedSchema` for the enforcement of rules. */
export interface EnforcementOptions {
  /** The policies, by the name that `@auth(policy:)` uses. Default: none. */
  // `any`: the type of the context is the server's own.
  readonly policies?: Readonly<Record<string, Policy<any>>>; // oxlint-disable-line typescript/no-explicit-any
  /**
   * Called when a policy returned no usable verdicts and its questions were denied. `reason` says why. Default: no-op.
   */
  readonly onPolicyFault?: (policy: string, reason: PolicyFault) => void;
  /**
   * The time limit of a question to a policy, in seconds. It includes the wait for a free place and the call
   * itself. A question without a verdict at the time limit is denied. Above 0, and at most 3,600.
   * Default 5.
   */
  readonly policyTimeoutSeconds?: number;
  /**
   * How many calls of each policy may be in progress at the same time, over all operations. At most 1,000 further calls
   * wait until their time limit. A call is in progress until the policy's promise settles. If this many calls never
   * settle, all further questions to the policy are denied. Calls for SHADOW rules are counted separately. Default 100.
   */
  readonly policyCalls?: number;
  /**
   * How many calls of all policies together may be in progress at the same time for one operation. Calls for SHADOW
   * rules are counted separately. Default 10.
   */
  readonly operationPolicyCalls?: number;
  /**
   * Converts the value of an argument to an account ID. It is used for `owner: "$argument"`. Set it if arguments are,
   * for example, global IDs. `null`: the value names no account. Default: the argument is the account ID.
   */
  readonly accountIdOf?: (argument: string) => string | null;
  /**
   * Returns the name of the type that a field will return. It is called for a field that returns an interface or a
   * union, and finds the type from the arguments. The rules of this type that depend only on the caller are then
   * decided before the resolver runs. `null`: the type is unknown. If the function throws or returns another value, the
   * resolver does not run and the field has an error. Default: the type is always unknown.
   */
  readonly typeOf?: (coordinate: string, args: Readonly<Record<string, unknown>>) => string | null;
  /**
   * The maximum depth of the variables and literals of an operation. It counts nested objects, and lists directly in
   * lists. `decideOperation` throws LIMIT_EXCEEDED for deeper inputs, before it coerces them. The guard checks the
   * depth again for mutations, for subscriptions, for queries with `denial: 'reject'`, and for fields whose arguments
   * can supply an input with a rule. It does not check other queries that run without `decideOperation`. Default 60.
   */
  readonly inputDepth?: number;
  /**
   * What happens to a query if some of its fields are denied. `partial`: the other fields are executed. `reject`: no
   * field is executed if a rule that depends only on the access token denies a field. Default `partial`.
   */
  readonly denial?: 'partial' | 'reject';
  /**
   * Whether the schema is hidden from a caller. A denial for this caller has `selection`, but no `coordinate`. If the
   * function throws or returns anything except `false`, the schema is hidden. Default: the schema is never hidden.
   */
  readonly hidesSchema?: (principal: Principal) => boolean;
  /** Returns the time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /**
   * Called for each rule that denied, and for each SHADOW rule that would have denied. In one execution, or for one
   * event of a subscription, only the first denial of a coordinate is reported, with all of its rules. A SHADOW rule is
   * reported only one time for each coordinate. Errors and rejections of the callback are ignored. Default: no-op.
   *
   * `operation` is the operation in the document of the client. Its name and its text are from the client.
   */
  readonly onDenial?: (event: DenialEvent, operation: OperationDefinitionNode) => void;
}
