import { type ConstDirectiveNode, type GraphQLSchema, isInterfaceType, isObjectType, print } from 'graphql';
import { faultAt } from './fault.ts';
import type { Rule } from './rule.ts';

/** The schema that will run must carry exactly the rules that were collected, or one was lost or slipped in on the way. */
export function checkCarried(schema: GraphQLSchema, rules: readonly Rule[], faults: string[]): void {
  const collected = Map.groupBy(rules, (rule) => rule.coordinate);
  const carried = carriedRules(schema);
  for (const coordinate of new Set([...collected.keys(), ...carried.keys()])) {
    const expected = collected.get(coordinate) ?? [];
    const found = carried.get(coordinate) ?? [];
    const sources = expected.map((rule) => rule.source);
    if (sources.sort().join('\n') === found.sort().join('\n')) continue;
    const modules = expected.map((rule) => rule.module);
    const message = `the schema carries ${found.join(' ') || 'no @auth'}; expected ${sources.join(' ') || 'none'}`;
    faults.push(faultAt(coordinate, modules, message));
  }
}

function carriedRules(schema: GraphQLSchema): Map<string, string[]> {
  const carried = new Map<string, string[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    carried.set(type.name, [type.astNode, ...type.extensionASTNodes].flatMap(rulesOn));
    for (const field of Object.values(type.getFields())) {
      carried.set(`${type.name}.${field.name}`, rulesOn(field.astNode));
    }
  }
  return carried;
}

function rulesOn(node: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined): string[] {
  return (node?.directives ?? []).filter((directive) => directive.name.value === 'auth').map((node) => print(node));
}
