import type { DeniedRule } from '../decide/denial.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Executions } from './execution.ts';
import { type MaybePromise, whenAll } from '../maybe-promise.ts';
import type { Held, Subject } from '../decide/target.ts';

/** Finds which of the rules that depend on their subject deny it. */
export type DenyingOf = (ids: RuleIds, subject: Subject) => MaybePromise<readonly DeniedRule[]>;

export function createDenyingOf({ rules, decide, holds }: Enforcement, executions: Executions): DenyingOf {
  return (ids, subject) => {
    const { answers, trialAnswers } = executions(subject.info, subject.context);
    const open = ids.filter((id) => decide([id], subject.principal) !== 'allow');
    const verdicts = open.map((id): MaybePromise<Held> => {
      const rule = rules[id];
      return rule === undefined ? 'denies' : holds(rule, subject, rule.mode === 'SHADOW' ? trialAnswers : answers);
    });
    return whenAll(verdicts, (settled) =>
      open.flatMap((id, index): DeniedRule[] => {
        const held = settled[index] ?? 'denies';
        return held === 'holds' ? [] : [{ id, reason: held === 'denies' ? null : held }];
      }),
    );
  };
}
