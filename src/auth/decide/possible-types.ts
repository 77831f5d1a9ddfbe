import type { Principal } from '../../principal.ts';
import type { Decider } from './decide.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { PlannedField } from '../plan/plan.ts';
import type { OperationVariables } from '../plan/operation-variables.ts';

/** Finds the rules by which each possible type denies a field: the rules of each. `null`: one of them does not deny it. */
export interface TypesJudge {
  /** Where each type that the parent of the field can be of denies the field. */
  ofParent(field: PlannedField): readonly RuleIds[] | 'unjudged' | null;
  /** The same, where a type of the parent counts as denying, too, when each type denies that the value of the field can be of. */
  ofValue(field: PlannedField): readonly RuleIds[] | null;
}

/** Makes the judge of one operation: what depends on no argument is decided once for all fields that share it. */
export function createTypesJudge(decide: Decider, variables: OperationVariables, principal: Principal): TypesJudge {
  type Possibilities = PlannedField['possibilities'];
  type Found = readonly RuleIds[] | 'unjudged' | null;
  const byParent = new Map<Possibilities, Found>();
  const byValue = new Map<Possibilities, Found>();
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

  function ask({ possibilities, node }: PlannedField, withValues: boolean): Found {
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

  function found(field: PlannedField, kept: Map<Possibilities, Found>, withValues: boolean): Found {
    const { possibilities } = field;
    if (possibilities.some(({ inputs }) => inputs !== null)) return ask(field, withValues);
    let types = kept.get(possibilities);
    if (types === undefined) {
      types = ask(field, withValues);
      kept.set(possibilities, types);
    }
    return types;
  }

  return {
    // Of one type, what the field takes in any case is all there is.
    ofParent: (field) => (field.possibilities.length < 2 ? null : found(field, byParent, false)),
    ofValue(field) {
      if (!field.possibilities.some(({ returns }) => eachDenies(returns))) return null;
      const types = found(field, byValue, true);
      return types === 'unjudged' ? null : types;
    },
  };
}
