import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { Requirement, Rule } from './rule.ts';
import { printAlternatives } from './scope.ts';

/** Adds the requirements of each enforced rule to the description of its element. It changes the schema in place. */
export function describeRules(schema: GraphQLSchema, rules: readonly Rule[]): void {
  const enforced = rules.filter(({ mode }) => mode === 'ENFORCE');
  const byCoordinate = Map.groupBy(enforced, (rule) => rule.coordinate);
  const describe = (element: { description: string | null | undefined }, coordinate: string): void => {
    const carried = byCoordinate.get(coordinate);
    if (!carried) return;
    const requires = `Requires ${[...new Set(carried.map(describeRule))].join('; and ')}.`;
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

/** Describes the requirements of a rule in words. */
function describeRule({ requirement, anyOf }: Rule): string {
  const own = describeRequirement(requirement);
  const alternatives = anyOf.map((alternative) => describeRequirement(alternative).join(' and ')).join(', or ');
  const parts = alternatives === '' ? own : [...own, anyOf.length > 1 ? `one of: ${alternatives}` : alternatives];
  return parts.length === 0 ? 'a valid access token' : parts.join(' and ');
}

function describeRequirement({ scope, claims, owner, policies, maxAge, acr }: Requirement): readonly string[] {
  const scopes = printAlternatives(scope).map((text) => `\`${text}\``);
  return [
    ...(scopes.length > 0 ? [`the scope ${scopes.join(' or ')}`] : []),
    ...claims.map((rule) => `the claim \`${rule.claim.join('.')}\``),
    ...(owner ? [`to be the owner (\`${owner.kind === 'argument' ? '$' : ''}${owner.name}\`)`] : []),
    ...policies.map((name) => `the policy \`${name}\``),
    ...(maxAge === null ? [] : [`authentication at most ${maxAge} seconds ago`]),
    ...(acr === null ? [] : [`the authentication context ${acr.map((text) => `\`${text}\``).join(' or ')}`]),
  ];
}
