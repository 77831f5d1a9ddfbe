import type { DeniedRule } from '../decide/denial.ts';
import type { DenyingOf } from './denying-rules.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Executions } from './execution.ts';
import { isPromiseLike } from '../maybe-promise.ts';
import type { DecisionTarget } from '../decide/target.ts';

/** Reports the SHADOW rules that would have denied. It never throws and never delays the execution. */
export type ReportShadow = (ids: RuleIds, coordinate: string, target: DecisionTarget) => void;

/**
 * Makes the function that reports SHADOW rules. In one operation, it reports a rule only one time for each coordinate.
 */
export function createShadowReporter(
  { reportDenial }: Enforcement,
  executions: Executions,
  denyingOf: DenyingOf,
): ReportShadow {
  function report(
    denied: readonly DeniedRule[],
    coordinate: string,
    { info, context, principal }: DecisionTarget,
  ): void {
    const { reported, operation } = executions(info, context);
    const fresh = denied.filter(({ id }) => !reported.has(`shadow ${id} ${coordinate}`));
    for (const { id } of fresh) reported.add(`shadow ${id} ${coordinate}`);
    reportDenial('shadow', coordinate, fresh, principal, operation);
  }

  return (ids, coordinate, target) => {
    if (ids.length === 0) return;
    try {
      const denying = denyingOf(ids, target);
      if (isPromiseLike(denying)) denying.then((late) => report(late, coordinate, target)).catch(() => {});
      else report(denying, coordinate, target);
    } catch {
      // A SHADOW rule must not change the result.
    }
  };
}
