import type { RuleIds } from './elements.ts';
import type { Enforcement } from './enforcement.ts';
import type { Executions } from './execution.ts';
import { isPromiseLike, type MaybePromise, whenAll } from './maybe-promise.ts';
import type { Subject } from './subject.ts';

/** Finds which of the rules that depend on their subject deny it. */
export type DenyingOf = (ids: RuleIds, subject: Subject) => MaybePromise<RuleIds>;

export function createDenyingOf({ rules, decide, holds }: Enforcement, executions: Executions): DenyingOf {
  return (ids, subject) => {
    const execution = executions(subject.info, subject.context);
    const { answers } = execution;
    const open = ids.filter((id) => decide([id], subject.principal) !== 'allow');
    const verdicts = open.map((id) => {
      const rule = rules[id];
      return rule !== undefined && holds(rule, subject, answers);
    });
    if (verdicts.some(isPromiseLike)) execution.pending = true;
    return whenAll(verdicts, (settled) => open.filter((_, index) => settled[index] !== true));
  };
}
