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

/** Returns the rules of the elements of a type that have a rule, by coordinate, as the schema carries them. */
function* carriedRules(
  type: GraphQLNamedType,
  { auth }: ResolvedDirectiveNames,
): Iterable<[coordinate: string, sources: string[]]> {
  const rulesOn = ({ directives }: Directed): string[] =>
    (directives ?? []).filter((directive) => directive.name.value === auth).map((node) => print(node));
  const own = [type.astNode, ...type.extensionASTNodes].flatMap((node) => (node ? rulesOn(node) : []));
  if (own.length > 0) yield [type.name, own];
  if (isEnumType(type)) {
    for (const { name, astNode } of type.getValues()) {
      if (astNode && mayCarry(astNode)) yield [`${type.name}.${name}`, rulesOn(astNode)];
    }
  } else if (isInputObjectType(type) || isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      const { name, astNode } = field;
      if (astNode && mayCarry(astNode)) yield [`${type.name}.${name}`, rulesOn(astNode)];
      for (const argument of 'args' in field ? field.args : []) {
        if (!argument.astNode || !mayCarry(argument.astNode)) continue;
        yield [`${type.name}.${name}(${argument.name}:)`, rulesOn(argument.astNode)];
      }
    }
  }
}

interface Directed {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

function mayCarry({ directives }: Directed): boolean {
  return directives !== undefined && directives.length > 0;
}
