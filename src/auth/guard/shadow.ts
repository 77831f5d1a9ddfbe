import type { DeniedRule } from '../decide/denial.ts';
import type { DenyingOf } from './denying-rules.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Executions } from './execution.ts';
import { isPromiseLike } from '../maybe-promise.ts';
import type { Target } from '../decide/target.ts';

/** Reports what SHADOW rules would have denied. It denies nothing, delays nothing and throws nothing. */
export type ReportShadow = (ids: RuleIds, coordinate: string, target: Target) => void;

/** Makes the function that reports SHADOW rules. It reports each rule once for each coordinate in an operation. */
export function createShadowReporter(
  { reportDenial }: Enforcement,
  executions: Executions,
  denyingOf: DenyingOf,
): ReportShadow {
  function report(denied: readonly DeniedRule[], coordinate: string, { info, context, principal }: Target): void {
    const { reported } = executions(info, context);
    const fresh = denied.filter(({ id }) => !reported.has(`shadow ${id} ${coordinate}`));
    for (const { id } of fresh) reported.add(`shadow ${id} ${coordinate}`);
    reportDenial('shadow', coordinate, fresh, principal);
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
