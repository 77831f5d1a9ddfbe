import type { Principal } from '../../principal.ts';
import type { Decider } from './decide.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { PlannedField } from '../plan/plan.ts';
import type { OperationVariables } from '../plan/operation-variables.ts';

/**
 * Finds whether every possible type denies a field. The result has the rules of each type. `null`: at least one type
 * does not deny, or `field.rules` already has the rules of the only possibility.
 */
export interface TypesJudge {
  /** Judges the possible types of the field's parent. `unjudged`: arguments could not be coerced. */
  ofParent(field: PlannedField): readonly RuleIds[] | 'unjudged' | null;
  /**
   * Judges the possible types of the field's parent and of the field's value. A type of the parent also counts as
   * denying if every possible type of the value denies. `null` also if arguments could not be coerced.
   */
  ofValue(field: PlannedField): readonly RuleIds[] | null;
}

/** Makes the judge of possible types for one operation and principal. */
export function createTypesJudge(decide: Decider, variables: OperationVariables, principal: Principal): TypesJudge {
  type Possibilities = PlannedField['possibilities'];
  type Denying = readonly RuleIds[] | 'unjudged' | null;
  const byParent = new Map<Possibilities, Denying>();
  const byValue = new Map<Possibilities, Denying>();
  const values = new Map<readonly RuleIds[], boolean>();

  const denies = (ids: RuleIds): boolean => decide(ids, principal) === 'deny';
  function eachDenies(returns: readonly RuleIds[]): boolean {
    let each = values.get(returns);
    if (each === undefined) {
      each = returns.length > 0 && returns.every(denies);
      values.set(returns, each);
    }
    return each;
  }

  function judge({ possibilities, node }: PlannedField, withValues: boolean): Denying {
    const denied: RuleIds[] = [];
    for (const { rules, inputs, returns } of possibilities) {
      const supplied = inputs && !denies(rules) ? variables.supplied({ ...inputs, node }) : [];
      const ids = [...rules, ...(supplied ?? [])];
      if (denies(ids)) denied.push(ids);
      else if (withValues && eachDenies(returns)) denied.push(...returns.map((ofType) => [...ids, ...ofType]));
      else return supplied === null ? 'unjudged' : null;
    }
    return denied.length > 0 ? denied : null;
  }

  function judgeOnce(field: PlannedField, judged: Map<Possibilities, Denying>, withValues: boolean): Denying {
    const { possibilities } = field;
    if (possibilities.some(({ inputs }) => inputs !== null)) return judge(field, withValues);
    let types = judged.get(possibilities);
    if (types === undefined) {
      types = judge(field, withValues);
      judged.set(possibilities, types);
    }
    return types;
  }

  return {
    // If there is only one possibility, `field.rules` contains all rules.
    ofParent: (field) => (field.possibilities.length < 2 ? null : judgeOnce(field, byParent, false)),
    ofValue(field) {
      if (!field.possibilities.some(({ returns }) => eachDenies(returns))) return null;
      const types = judgeOnce(field, byValue, true);
      return types === 'unjudged' ? null : types;
    },
  };
}
