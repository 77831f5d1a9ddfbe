import { includedFields } from '../plan/included-fields.ts';
import {
  type LeastScopes,
  leastScopesOf,
  leastScopesOfRule,
  scopesForEvery,
  scopesForSome,
} from '../rules/least-scopes.ts';
import type { Plan, PlannedField, Selections } from '../plan/plan.ts';
import type { Rule, RuleIds } from '../rules/rule.ts';
import { type OperationVariables, suppliedRules } from '../plan/operation-variables.ts';

/**
 * Finds the smallest sets of scopes that let every field of an operation through. At most `maxAlternatives` sets are
 * found. If there are more, the result is marked as capped.
 *
 * @throws {ClaimgateError} BAD_USER_INPUT if inputs with rules cannot be coerced; LIMIT_EXCEEDED if they are too deep
 * or hold too many values, or if the plan is too large
 */
export function neededScopes({ root }: Plan, variables: OperationVariables, rules: readonly Rule[]): LeastScopes {
  const needed = new Set<number>();
  const ofTypes: LeastScopes[] = [];
  const add = (ids: RuleIds): void => {
    for (const id of ids) needed.add(id);
  };
  const seen = new Set<Selections>([root]);
  for (const selections of seen) {
    for (const field of includedFields([selections], variables.ofConditions)) {
      add(field.rules);
      const supplied = suppliedRules(field, variables);
      if (supplied === null) throw variables.fault(field.name);
      add(supplied);
      if (field.possibilities.length > 1) ofTypes.push(anyType(field, variables, rules, false));
      if (!field.selections) continue;
      seen.add(field.selections);
      // If a field below is selected, that field adds the rules of the value's types.
      const isEmpty = includedFields([field.selections], variables.ofConditions).length === 0;
      if (isEmpty) ofTypes.push(anyType(field, variables, rules, true));
    }
  }
  const scopes = [...needed].sort((a, b) => a - b).flatMap((id) => (rules[id] ? [leastScopesOfRule(rules[id])] : []));
  const distinct = new Map([...scopes, ...ofTypes].map((part) => [JSON.stringify(part), part]));
  return scopesForEvery([...distinct.values()]);
}

/**
 * Finds the scopes that are enough for at least one possible type of the field's parent. Without these scopes, every
 * possible type denies.
 *
 * @param withValues - whether the scopes must also be enough for at least one possible type of the field's value
 */
function anyType(
  { possibilities, node, name }: PlannedField,
  variables: OperationVariables,
  rules: readonly Rule[],
  withValues: boolean,
): LeastScopes {
  const types = possibilities.flatMap((possibility) => {
    const supplied = possibility.inputs ? variables.supplied({ ...possibility.inputs, node }) : [];
    if (supplied === null) throw variables.fault(name);
    const values = withValues && possibility.returns.length > 0 ? possibility.returns : [[]];
    return values.flatMap((ofValue) => {
      const ids = [...new Set([...possibility.rules, ...supplied, ...ofValue])];
      return leastScopesOf(ids.flatMap((id) => rules[id] ?? []));
    });
  });
  return scopesForSome(types);
}
