import type { DeniedRule } from '../decide/denial.ts';
import type { DenyingOf } from './denying-rules.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Executions } from './execution.ts';
import { isPromiseLike } from '../maybe-promise.ts';
import type { Subject } from '../decide/target.ts';

/** Tells what SHADOW rules would have denied. It denies nothing, holds nothing up and throws nothing. */
export type Watch = (ids: RuleIds, coordinate: string, subject: Subject) => void;

export function createWatch({ tell }: Enforcement, executions: Executions, denyingOf: DenyingOf): Watch {
  function told(denied: readonly DeniedRule[], coordinate: string, { info, context, principal }: Subject): void {
    const { heard } = executions(info, context);
    const fresh = denied.filter(({ id }) => !heard.has(`shadow ${id} ${coordinate}`));
    for (const { id } of fresh) heard.add(`shadow ${id} ${coordinate}`);
    tell('shadow', coordinate, fresh, principal);
  }

  return (ids, coordinate, subject) => {
    if (ids.length === 0) return;
    try {
      const denying = denyingOf(ids, subject);
      if (isPromiseLike(denying)) denying.then((late) => told(late, coordinate, subject)).catch(() => {});
      else told(denying, coordinate, subject);
    } catch {
      // A rule on trial is nobody's obstacle.
    }
  };
}
