import type { GraphQLResolveInfo } from 'graphql';
import type { Principal } from '../../principal.ts';
import { handleRejection } from '../../protocol/notify.ts';
import { accountOf, ask } from './decide.ts';
import type { DenialReason } from './denial.ts';
import { closedThen, type MaybePromise, whenAll } from '../maybe-promise.ts';
import { isAccount, type ReadOwner } from './owner.ts';
import type { PolicyQuestions } from '../policies/policy-questions.ts';
import type { Owner, Requirement, Rule } from '../rules/rule.ts';

/** What a rule is about when more than the caller decides: a field of an object, or an object itself. */
export interface Subject {
  readonly principal: Principal;
  /** The object whose field is asked for, or which itself is. */
  readonly parent: unknown;
  /** Name of its object type. */
  readonly type: string;
  /** Coerced; empty where an object itself is asked for. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly coordinate: string;
  readonly context: unknown;
  readonly info: GraphQLResolveInfo;
}

/** What answers for one execution what a caller alone does not. */
export interface Answers {
  readonly readOwner: ReadOwner;
  readonly questions: PolicyQuestions;
}

export interface SubjectOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** The account that an `owner: "$argument"` names, of what the argument says; `null`: none. */
  readonly accountIdOf: (argument: string) => string | null;
}

/** What a rule says of its subject; `denies`: for something else than its owner, its policies or its claims. */
export type Held = 'holds' | 'denies' | DenialReason;

/** Asks a rule that depends on its subject. Everything that fails, at once or later, denies. */
export type Holds = (rule: Rule, subject: Subject, answers: Answers) => MaybePromise<Held>;

export function createHolds({ clock, accountIdOf }: SubjectOptions): Holds {
  function requirementHolds(requirement: Requirement, subject: Subject, answers: Answers): MaybePromise<Held> {
    const { principal } = subject;
    if (principal.kind === 'anonymous' || ask(requirement, principal, clock()) === 'deny') return 'denies';
    const owner = requirement.owner === null || closedOwner(requirement.owner, subject, answers);
    if (owner === false) return 'owner'; // No policy is asked in vain.
    const request = { principal, parent: subject.parent, args: subject.args, coordinate: subject.coordinate };
    const policies = requirement.policies.map((policy) => answers.questions.ask(policy, request));
    return whenAll([owner, ...policies], ([owned, ...allowed]) => {
      if (owned !== true) return 'owner';
      return allowed.every((answer) => answer) ? 'holds' : 'policy';
    });
  }

  /** What fails to be read is nobody's: other alternatives may still hold. */
  function closedOwner(owner: Owner, subject: Subject, answers: Answers): MaybePromise<boolean> {
    try {
      return ownerHolds(owner, subject, answers);
    } catch {
      return false;
    }
  }

  function ownerHolds({ kind, name }: Owner, subject: Subject, { readOwner }: Answers): MaybePromise<boolean> {
    const account = accountOf(subject.principal);
    if (account === null) return false;
    if (kind === 'field') return isAccount(readOwner({ ...subject, value: subject.parent }, name), account);
    const argument = Object.hasOwn(subject.args, name) ? subject.args[name] : undefined;
    if (typeof argument !== 'string') return false;
    const named: unknown = accountIdOf(argument);
    handleRejection(named); // Of an async function, which names nobody.
    return named === account;
  }

  function ruleHolds({ requirement, anyOf }: Rule, subject: Subject, answers: Answers): MaybePromise<Held> {
    const whole = requirementHolds(requirement, subject, answers);
    const failed = typeof whole === 'string' && whole !== 'holds';
    if (failed || anyOf.length === 0) return whole;
    const alternatives = anyOf.map((alternative) => requirementHolds(alternative, subject, answers));
    if (alternatives.includes('holds')) return whole;
    return whenAll([whole, ...alternatives], ([first = 'denies', ...others]) =>
      first === 'holds' ? anyHolds(others) : first,
    );
  }

  return (rule, subject, answers) => {
    try {
      return closedThen<Held, Held>(ruleHolds(rule, subject, answers), (held) => held, 'denies');
    } catch {
      return 'denies';
    }
  };
}

/** One of alternatives is enough; where none holds, the first reason is the one that is reported. */
function anyHolds(alternatives: readonly Held[]): Held {
  if (alternatives.includes('holds')) return 'holds';
  return alternatives.find((held) => held !== 'denies') ?? 'denies';
}
