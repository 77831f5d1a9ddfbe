import type { GraphQLResolveInfo } from 'graphql';
import type { Principal } from '../principal.ts';
import { accountOf, ask } from './decide.ts';
import { closedThen, every, type MaybePromise, some } from './maybe-promise.ts';
import { isAccount, type ReadOwner } from './owner.ts';
import type { PolicyQuestions } from './policy.ts';
import type { Owner, Requirement, Rule } from './rule.ts';

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

/** Whether a rule that depends on its subject holds. Everything that fails, at once or later, denies. */
export type Holds = (rule: Rule, subject: Subject, answers: Answers) => MaybePromise<boolean>;

export function createHolds({ clock, accountIdOf }: SubjectOptions): Holds {
  function requirementHolds(requirement: Requirement, subject: Subject, answers: Answers): MaybePromise<boolean> {
    const { principal } = subject;
    if (principal.kind === 'anonymous' || ask(requirement, principal, clock()) === 'deny') return false;
    const owner = requirement.owner === null || closedOwner(requirement.owner, subject, answers);
    if (owner === false) return false; // No policy is asked in vain.
    const request = { principal, parent: subject.parent, args: subject.args, coordinate: subject.coordinate };
    return every([owner, ...requirement.policies.map((policy) => answers.questions.ask(policy, request))]);
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
    return typeof argument === 'string' && accountIdOf(argument) === account;
  }

  return (rule, subject, answers) => {
    try {
      const whole = requirementHolds(rule.requirement, subject, answers);
      if (whole === false || rule.anyOf.length === 0) return closedThen(whole, (holds) => holds);
      const alternatives = rule.anyOf.map((alternative) => requirementHolds(alternative, subject, answers));
      return closedThen(every([whole, some(alternatives)]), (holds) => holds);
    } catch {
      return false;
    }
  };
}
