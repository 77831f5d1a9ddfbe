import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  print,
} from 'graphql';
import { faultAt } from '../../modules/fault.ts';
import type { ResolvedDirectiveNames } from '../../directive-names.ts';
import type { Rule } from '../rule.ts';

/**
 * Checks that the executable schema carries exactly the collected rules. A type in a resolver map, for example, must
 * not remove or add a rule.
 *
 * @param faults - a line is added for each element whose rules differ
 */
export function checkCarried(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  names: ResolvedDirectiveNames,
  faults: string[],
): void {
  const collected = Map.groupBy(rules, (rule) => rule.coordinate);
  const carried = new Map(Object.values(schema.getTypeMap()).flatMap((type) => [...carriedRules(type, names)]));
  for (const coordinate of new Set([...collected.keys(), ...carried.keys()])) {
    const expected = collected.get(coordinate) ?? [];
    const found = carried.get(coordinate) ?? [];
    const sources = expected.map((rule) => rule.source);
    if (sources.sort().join('\n') === found.sort().join('\n')) continue;
    const modules = expected.map((rule) => rule.module);
    const message = `the schema carries ${found.join(' ') || `no @${names.auth}`}; expected ${sources.join(' ') || 'none'}`;
    faults.push(faultAt(coordinate, modules, message));
  }
}

/** Returns the rules of every element of a type, by coordinate, as the schema carries them. */
function* carriedRules(
  type: GraphQLNamedType,
  { auth }: ResolvedDirectiveNames,
): Iterable<[coordinate: string, sources: string[]]> {
  const rulesOn = (node: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined): string[] =>
    (node?.directives ?? []).filter((directive) => directive.name.value === auth).map((node) => print(node));
  yield [type.name, [type.astNode, ...type.extensionASTNodes].flatMap(rulesOn)];
  if (isEnumType(type)) {
    for (const value of type.getValues()) yield [`${type.name}.${value.name}`, rulesOn(value.astNode)];
  } else if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, rulesOn(field.astNode)];
  } else if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, rulesOn(field.astNode)];
      for (const argument of field.args) {
        yield [`${type.name}.${field.name}(${argument.name}:)`, rulesOn(argument.astNode)];
      }
    }
  }
}
