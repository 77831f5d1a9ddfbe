import type { DeniedRule } from '../decide/denial.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Executions } from './execution.ts';
import { type MaybePromise, whenAll } from '../maybe-promise.ts';
import type { TargetDecision, DecisionTarget } from '../decide/target.ts';

/** Finds the rules that deny a target. */
export type DenyingOf = (ids: RuleIds, target: DecisionTarget) => MaybePromise<readonly DeniedRule[]>;

/** Makes the function that finds the rules that deny a target. */
export function createDenyingOf({ rules, decide, decideTarget }: Enforcement, executions: Executions): DenyingOf {
  return (ids, target) => {
    const { answers, shadowAnswers } = executions(target.info, target.context);
    const open = ids.filter((id) => decide([id], target.principal) !== 'allow');
    const verdicts = open.map((id): MaybePromise<TargetDecision> => {
      const rule = rules[id];
      if (rule === undefined) return 'denies';
      return decideTarget(rule, target, rule.mode === 'SHADOW' ? shadowAnswers : answers);
    });
    return whenAll(verdicts, (settled) =>
      open.flatMap((id, index): DeniedRule[] => {
        const decision = settled[index] ?? 'denies';
        return decision === 'holds' ? [] : [{ id, reason: decision === 'denies' ? null : decision }];
      }),
    );
  };
}
