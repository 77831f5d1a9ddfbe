import type { GraphQLField } from 'graphql';
import { principalOf } from '../../principal.ts';
import type { DeniedRule } from '../decide/denial.ts';
import { toExecutionError } from '../decide/denial-error.ts';
import type { Guard, Resolver } from './guard.ts';
import type { InputRules } from '../inputs/input-rules.ts';
import { isPromiseLike } from '../maybe-promise.ts';
import { isDynamic, type RuleIds } from '../rules/rule.ts';

const none: RuleIds = [];

/**
 * Makes the guard of a field. The guard runs before the resolver. It decides the rules of the field and the rules of
 * the inputs that the arguments supply.
 *
 * @returns a function that wraps a resolver with the guard. `null`: the field has no rule
 */
export function guardField(
  type: string,
  field: GraphQLField<unknown, unknown>,
  { rules: table, elements, shadows, decide, deny, denyingOf, reportShadow, checkVariables }: Guard,
): ((resolve: Resolver) => Resolver) | null {
  const rules = elements.fieldRules(type, field.name);
  const inputs = elements.inputRules(type, field.name);
  const shadowed = shadows.fieldRules(type, field.name);
  const shadowInputs = shadows.inputRules(type, field.name);
  if (rules.length === 0 && !inputs && shadowed.length === 0 && !shadowInputs) return null;

  // The other dynamic rules need the field's value, which is not available yet. `guardValuesOf` decides them.
  const dynamic = elements.ownRules(type, field.name).filter((id) => table[id] !== undefined && isDynamic(table[id]));
  const hasShadowRules = shadowed.length > 0 || shadowInputs !== null;
  const coordinate = `${type}.${field.name}`;

  return (resolve) => (source, args, context, info) => {
    const principal = principalOf(context);
    const denied = decide(rules, principal) === 'deny';
    let supplied = none;
    try {
      if (inputs) checkVariables(info.variableValues);
      if (inputs) supplied = inputs(args);
    } catch (error) {
      // Inputs that cannot be judged are refused. If the rules of the field deny, this denial is reported instead.
      if (!denied) throw toExecutionError(error);
    }
    if (hasShadowRules) {
      const target = { principal, parent: source, type, args, coordinate, context, info };
      reportShadow([...shadowed, ...suppliedShadowRules(shadowInputs, args)], coordinate, target);
    }
    if (denied || (supplied.length > 0 && decide(supplied, principal) === 'deny')) {
      return deny.field({ info, context, principal }, rules, supplied);
    }
    if (dynamic.length === 0 && supplied.length === 0) return resolve(source, args, context, info);

    const target = { principal, parent: source, type, args, coordinate, context, info };
    const denying = denyingOf([...dynamic, ...supplied], target);
    const go = (denied: readonly DeniedRule[]): unknown =>
      denied.length > 0 ? deny.position({ info, context, principal }, denied) : resolve(source, args, context, info);
    return isPromiseLike(denying) ? denying.then(go) : go(denying);
  };
}

/**
 * Returns the SHADOW rules of the inputs that the arguments supply. If the arguments cannot be judged, it returns no
 * rules.
 */
function suppliedShadowRules(inputs: InputRules | null, args: Readonly<Record<string, unknown>>): RuleIds {
  try {
    return inputs ? inputs(args) : none;
  } catch {
    return none;
  }
}
