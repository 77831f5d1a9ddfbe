import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { Rule } from './rule.ts';
import { wordsOfRule } from './words.ts';

/** Adds the requirements of each enforced rule to the description of its element. It changes the schema in place. */
export function describeRules(schema: GraphQLSchema, rules: readonly Rule[]): void {
  const enforced = rules.filter(({ mode }) => mode === 'ENFORCE');
  const byCoordinate = Map.groupBy(enforced, (rule) => rule.coordinate);
  const describe = (element: { description: string | null | undefined }, coordinate: string): void => {
    const carried = byCoordinate.get(coordinate);
    if (!carried) return;
    const requires = `Requires ${[...new Set(carried.map(wordsOfRule))].join('; and ')}.`;
    element.description = element.description ? `${element.description}\n\n${requires}` : requires;
  };
  for (const type of Object.values(schema.getTypeMap())) {
    describe(type, type.name);
    if (isEnumType(type)) for (const value of type.getValues()) describe(value, `${type.name}.${value.name}`);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) describe(field, `${type.name}.${field.name}`);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      describe(field, `${type.name}.${field.name}`);
      for (const argument of field.args) describe(argument, `${type.name}.${field.name}(${argument.name}:)`);
    }
  }
}
