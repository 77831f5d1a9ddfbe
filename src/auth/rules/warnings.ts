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
  const ruled = new Set(rules.map(({ coordinate }) => coordinate));
  const returned = returnedTypes(schema);
  for (const rule of rules) {
    const warn = (coordinate: string, message: string): void =>
      void warnings.push(faultAt(coordinate, [rule.module], message));
    if (rule.mode === 'SHADOW') warn(rule.coordinate, `${rule.source} is on trial: it denies nothing`);
    if (rule.kind === 'enumValue' && returned.has(rule.coordinate.split('.')[0] ?? '')) {
      warn(rule.coordinate, 'its rule holds where the value is supplied; a field that returns the value is not denied');
    }
    const [type = '', member = ''] = rule.coordinate.split('.');
    const parent = schema.getType(type);
    if (!isInterfaceType(parent) || rule.kind !== 'field') continue;
    for (const implementer of schema.getImplementations(parent).objects) {
      const own = `${implementer.name}.${member}`;
      if (ruled.has(own)) continue;
      warn(own, `inherits ${rule.source} of ${rule.coordinate}`);
    }
  }
  return warnings;
}

/** Returns the names of the types that fields return. */
function returnedTypes(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) names.add(getNamedType(field.type).name);
  }
  return names;
}
