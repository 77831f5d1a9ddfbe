import { scopesOf } from './evidence.ts';
import { includedFields } from '../plan/included-fields.ts';
import type { Plan, PlannedField, Selections } from '../plan/plan.ts';
import type { Rule, RuleIds } from '../rules/rule.ts';
import { printAlternatives, type ScopeAlternatives, together } from '../rules/scope.ts';
import { type OperationVariables, suppliedRules } from '../plan/operation-variables.ts';

/**
 * The least scopes with which nothing of an operation is denied for want of one: alternatives, in the grammar of
 * `@auth(scope:)`.
 *
 * @throws {ClaimgateError} BAD_USER_INPUT where what the operation supplies cannot be coerced
 */
export function neededScopes({ root }: Plan, variables: OperationVariables, rules: readonly Rule[]): readonly string[] {
  const needed = new Set<number>();
  const ofTypes: ScopeAlternatives[] = [];
  const add = (ids: RuleIds): void => {
    for (const id of ids) needed.add(id);
  };
  const seen = new Set<Selections>([root]);
  for (const selections of seen) {
    for (const field of includedFields([selections], variables.given)) {
      add(field.rules);
      const supplied = suppliedRules(field, variables);
      if (supplied === null) throw variables.fault(field.name);
      add(supplied);
      if (field.possibilities.length > 1) ofTypes.push(anyType(field, variables, rules, false));
      if (!field.selections) continue;
      seen.add(field.selections);
      // What is selected below asks for it otherwise.
      const isEmpty = includedFields([field.selections], variables.given).length === 0;
      if (isEmpty) ofTypes.push(anyType(field, variables, rules, true));
    }
  }
  const scopes = [...needed].sort((a, b) => a - b).flatMap((id) => (rules[id] ? [scopesOf(rules[id])] : []));
  const distinct = new Map(
    [...scopes, ...ofTypes].map((alternatives) => [printAlternatives(alternatives).join(), alternatives]),
  );
  return printAlternatives(together([...distinct.values()]));
}

/**
 * What is enough for one of the types that the field's parent can be of: with less, each of them denies.
 *
 * @param withValues - whether it is to be enough for one of the types that the field's value can be of there, too
 */
function anyType(
  { possibilities, node, name }: PlannedField,
  variables: OperationVariables,
  rules: readonly Rule[],
  withValues: boolean,
): ScopeAlternatives {
  const types = possibilities.flatMap((possibility) => {
    const supplied = possibility.inputs ? variables.supplied({ ...possibility.inputs, node }) : [];
    if (supplied === null) throw variables.fault(name);
    const values = withValues && possibility.returns.length > 0 ? possibility.returns : [[]];
    return values.flatMap((ofValue) => {
      const ids = [...new Set([...possibility.rules, ...supplied, ...ofValue])];
      return together(ids.flatMap((id) => (rules[id] ? [scopesOf(rules[id])] : [])));
    });
  });
  return together([types]);
}
