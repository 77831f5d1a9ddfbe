import type { GraphQLResolveInfo } from 'graphql';
import type { Principal } from '../../principal.ts';
import { handleRejection } from '../../protocol/notify.ts';
import { accountIdOfPrincipal, decideRequirement } from './decide.ts';
import type { DenialReason } from './denial.ts';
import { closedThen, type MaybePromise, whenAll } from '../maybe-promise.ts';
import { isAccount, type ReadOwner } from './owner.ts';
import type { PolicyQuestions } from '../policies/policy-questions.ts';
import type { OwnerElement, Requirement, Rule } from '../rules/rule.ts';

/** The element for which a dynamic rule is decided: a field of an object, or an object. */
export interface DecisionTarget {
  readonly principal: Principal;
  /** The object. For a field, it is the object that has the field. */
  readonly parent: unknown;
  /** The name of the object's type. */
  readonly type: string;
  /** The coerced arguments of the field. Empty for an object. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly coordinate: string;
  readonly context: unknown;
  readonly info: GraphQLResolveInfo;
}

/** The owners and policies of one execution. */
export interface OwnersAndPolicies {
  readonly readOwner: ReadOwner;
  readonly questions: PolicyQuestions;
}

/** The options of `createTargetDecider`. */
export interface TargetOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /**
   * Converts the value of an argument to an account ID. It is used for `owner: "$argument"`. `null`: the value names no
   * account.
   */
  readonly accountIdOf: (argument: string) => string | null;
}

/**
 * The decision of a rule for a target. `owner`, `policy` and `claims`: this part of the rule denies. `denies`: the
 * access token does not satisfy the rule, or an error occurred.
 */
export type TargetDecision = 'holds' | 'denies' | DenialReason;

/**
 * Decides a rule for a target. An owner that cannot be read does not hold, and a policy that fails does not allow. The
 * rule denies if any other error is thrown.
 */
export type DecideTarget = (
  rule: Rule,
  target: DecisionTarget,
  answers: OwnersAndPolicies,
) => MaybePromise<TargetDecision>;

/** Makes the function that decides rules for targets. */
export function createTargetDecider({ clock, accountIdOf }: TargetOptions): DecideTarget {
  function decideParts(
    requirement: Requirement,
    target: DecisionTarget,
    answers: OwnersAndPolicies,
  ): MaybePromise<TargetDecision> {
    const { principal } = target;
    if (principal.kind === 'anonymous' || decideRequirement(requirement, principal, clock()) === 'deny')
      return 'denies';
    const owner = requirement.owner === null || ownerHoldsOrFalse(requirement.owner, target, answers);
    if (owner === false) return 'owner'; // The policies need not be asked.
    const request = { principal, parent: target.parent, args: target.args, coordinate: target.coordinate };
    const policies = requirement.policies.map((policy) => answers.questions.ask(policy, request));
    return whenAll([owner, ...policies], ([owned, ...allowed]) => {
      if (owned !== true) return 'owner';
      return allowed.every((answer) => answer) ? 'holds' : 'policy';
    });
  }

  /**
   * Whether the caller is the owner. Returns `false` if the owner cannot be read, because another alternative of the
   * rule may still hold.
   */
  function ownerHoldsOrFalse(
    owner: OwnerElement,
    target: DecisionTarget,
    answers: OwnersAndPolicies,
  ): MaybePromise<boolean> {
    try {
      return ownerHolds(owner, target, answers);
    } catch {
      return false;
    }
  }

  function ownerHolds(
    { kind, name }: OwnerElement,
    target: DecisionTarget,
    { readOwner }: OwnersAndPolicies,
  ): MaybePromise<boolean> {
    const account = accountIdOfPrincipal(target.principal);
    if (account === null) return false;
    if (kind === 'field') return isAccount(readOwner({ ...target, value: target.parent }, name), account);
    const argument = Object.hasOwn(target.args, name) ? target.args[name] : undefined;
    if (typeof argument !== 'string') return false;
    const named: unknown = accountIdOf(argument);
    handleRejection(named); // An async function returns a promise, which is not an account ID.
    return named === account;
  }

  function decideRule(
    { requirement, anyOf }: Rule,
    target: DecisionTarget,
    answers: OwnersAndPolicies,
  ): MaybePromise<TargetDecision> {
    const own = decideParts(requirement, target, answers);
    const isDenied = typeof own === 'string' && own !== 'holds';
    if (isDenied || anyOf.length === 0) return own;
    const alternatives = anyOf.map((alternative) => decideParts(alternative, target, answers));
    if (alternatives.includes('holds')) return own;
    return whenAll([own, ...alternatives], ([first = 'denies', ...others]) =>
      first === 'holds' ? anyHolds(others) : first,
    );
  }

  return (rule, target, answers) => {
    try {
      return closedThen<TargetDecision, TargetDecision>(
        decideRule(rule, target, answers),
        (decision) => decision,
        'denies',
      );
    } catch {
      return 'denies';
    }
  };
}

/**
 * Joins the decisions of alternatives. If at least one alternative holds, the result is `holds`. Otherwise the first
 * reason is returned.
 */
function anyHolds(alternatives: readonly TargetDecision[]): TargetDecision {
  if (alternatives.includes('holds')) return 'holds';
  return alternatives.find((decision) => decision !== 'denies') ?? 'denies';
}
