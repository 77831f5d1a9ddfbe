import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import type { Rule } from '../../../auth/rules/rule.ts';
import { isRecord } from '../../../protocol/record.ts';
import type { RulesAt } from '../verdict/rules-at.ts';
import type { Given } from '../../values/given.ts';

/** Finds the rules of the inputs that arguments supply. A value that is `null` is supplied too. */
export function suppliedRules(rules: RulesAt, parent: string, field: string, args: readonly Given[]): readonly Rule[] {
  return args.flatMap(({ name, type, value }) => [
    ...rules.ofArgument(parent, field, name),
    ...inValue(rules, type, value),
  ]);
}

function inValue(rules: RulesAt, type: GraphQLInputType, whole: unknown): readonly Rule[] {
  const found: Rule[] = [];
  const open: [GraphQLInputType, unknown][] = [[type, whole]];
  // A value can be nested deep, so this is no recursion.
  for (let next = open.pop(); next; next = open.pop()) {
    const [given, value] = next;
    const nullable = getNullableType(given);
    if (isListType(nullable)) {
      if (Array.isArray(value)) for (const item of value) open.push([nullable.ofType, item]);
      else open.push([nullable.ofType, value]);
      continue;
    }
    found.push(...rules.ofElement(nullable.name));
    if (isEnumType(nullable) && typeof value === 'string') found.push(...rules.ofElement(`${nullable.name}.${value}`));
    if (!isInputObjectType(nullable) || !isRecord(value)) continue;
    for (const [name, member] of Object.entries(value)) {
      const field = nullable.getFields()[name];
      if (!field) continue;
      found.push(...rules.ofElement(`${nullable.name}.${name}`));
      open.push([field.type, member]);
    }
  }
  return found;
}
