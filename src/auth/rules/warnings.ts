import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { faultAt } from '../modules/fault.ts';
import type { Rule } from './rule.ts';

/**
 * Returns warnings. They do not stop the start. There is a warning for:
 *
 * - a SHADOW rule
 * - a rule on a value of an enum that a field returns, because this rule denies nothing in a result
 * - a field that inherits a rule from an interface and carries no rule itself.
 */
export function warningsOf(schema: GraphQLSchema, rules: readonly Rule[]): readonly string[] {
  const warnings: string[] = [];
  for (const rule of rules) {
    const warn = (coordinate: string, message: string): void =>
      void warnings.push(faultAt(coordinate, [rule.module], message));
    if (rule.mode === 'SHADOW') warn(rule.coordinate, `${rule.source} is on trial: it denies nothing`);
    if (rule.kind === 'enumValue' && isOutput(schema, rule.coordinate.split('.')[0] ?? '')) {
      warn(rule.coordinate, 'its rule holds where the value is supplied; a field that returns the value is not denied');
    }
    const [type = '', member = ''] = rule.coordinate.split('.');
    const parent = schema.getType(type);
    if (!isInterfaceType(parent) || rule.kind !== 'field') continue;
    for (const implementer of schema.getImplementations(parent).objects) {
      const own = `${implementer.name}.${member}`;
      if (rules.some((other) => other.coordinate === own)) continue;
      warn(own, `inherits ${rule.source} of ${rule.coordinate}`);
    }
  }
  return warnings;
}

/** Whether at least one field returns the type with this name. */
function isOutput(schema: GraphQLSchema, name: string): boolean {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));
  return types.some((type) => Object.values(type.getFields()).some((field) => getNamedType(field.type).name === name));
}
