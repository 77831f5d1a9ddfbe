import type { GraphQLField } from 'graphql';
import { principalOf } from '../../principal.ts';
import type { DeniedRule } from '../decide/denial.ts';
import { toldError } from '../decide/denial-error.ts';
import type { Guard, Resolver } from './guard.ts';
import type { InputRules } from '../inputs/input-rules.ts';
import { isPromiseLike } from '../maybe-promise.ts';
import { isDynamic, type RuleIds } from '../rules/rule.ts';

const none: RuleIds = [];

/**
 * Makes the guard of a field: what it takes to read it, and to supply its arguments, is decided before its resolver runs.
 *
 * @returns what puts the guard around a resolver; `null` where nothing has to be asked
 */
export function guardField(
  type: string,
  field: GraphQLField<unknown, unknown>,
  { rules: table, elements, shadows, decide, deny, denyingOf, watch, checkVariables }: Guard,
): ((resolve: Resolver) => Resolver) | null {
  const rules = elements.fieldRules(type, field.name);
  const inputs = elements.inputRules(type, field.name);
  const shadowed = shadows.fieldRules(type, field.name);
  const shadowInputs = shadows.inputRules(type, field.name);
  if (rules.length === 0 && !inputs && shadowed.length === 0 && !shadowInputs) return null;

  // The rest is about a value that is not there yet.
  const dynamic = elements.ownRules(type, field.name).filter((id) => table[id] !== undefined && isDynamic(table[id]));
  const watched = shadowed.length > 0 || shadowInputs !== null;
  const coordinate = `${type}.${field.name}`;

  return (resolve) => (source, args, context, info) => {
    const principal = principalOf(context);
    const denied = decide(rules, principal) === 'deny';
    let supplied = none;
    try {
      if (inputs) checkVariables(info.variableValues);
      if (inputs) supplied = inputs(args);
    } catch (error) {
      // What cannot be judged is refused.
      if (!denied) throw toldError(error);
    }
    if (watched) {
      const subject = { principal, parent: source, type, args, coordinate, context, info };
      watch([...shadowed, ...suppliedOnTrial(shadowInputs, args)], coordinate, subject);
    }
    if (denied || (supplied.length > 0 && decide(supplied, principal) === 'deny')) {
      return deny.field({ info, context, principal }, rules, supplied);
    }
    if (dynamic.length === 0 && supplied.length === 0) return resolve(source, args, context, info);

    const subject = { principal, parent: source, type, args, coordinate, context, info };
    const denying = denyingOf([...dynamic, ...supplied], subject);
    const go = (denied: readonly DeniedRule[]): unknown =>
      denied.length > 0 ? deny.position({ info, context, principal }, denied) : resolve(source, args, context, info);
    return isPromiseLike(denying) ? denying.then(go) : go(denying);
  };
}

/** The SHADOW rules of what the arguments supply; none where the arguments cannot be judged, since such a rule denies nothing. */
function suppliedOnTrial(inputs: InputRules | null, args: Readonly<Record<string, unknown>>): RuleIds {
  try {
    return inputs ? inputs(args) : none;
  } catch {
    return none;
  }
}
