import { type ConstDirectiveNode, type GraphQLSchema, isIntrospectionType, visit } from 'graphql';
import { ruleArguments } from '../directive.ts';
import { directiveNamesOf, type ResolvedDirectiveNames } from '../directive-names.ts';
import { faultAt } from '../modules/fault.ts';
import { nearest } from '../../protocol/nearest.ts';
import { directivesIn, membersOf } from './directed.ts';

/** The directives that the SDL of a schema uses, but the schema does not define. */
export interface UndefinedDirectives {
  /** One line for each directive that is, or probably should be, one of Claimgate's directives. */
  readonly faults: readonly string[];
  /** One line for each other directive. */
  readonly warnings: readonly string[];
}

/**
 * Finds directives that the SDL uses, but the schema does not define. GraphQL does not allow them, but some tools do
 * not validate the SDL. A misspelled `@auth` would then guard nothing.
 */
export function undefinedDirectives(schema: GraphQLSchema, names: ResolvedDirectiveNames): UndefinedDirectives {
  const own = directiveNamesOf(names);
  const faults: string[] = [];
  const warnings: string[] = [];
  for (const [name, uses] of Map.groupBy(usesOf(schema), ({ name }) => name.value)) {
    const last = name.split('__').at(-1) ?? name; // The name without the prefix of a linked specification.
    const meant = own.has(last) ? last : uses.some(isRuleLike) ? names.auth : nearest(name, own);
    const at = `@${name}`;
    if (own.has(name)) faults.push(faultAt(at, [], isUndefined));
    else if (meant !== undefined) {
      faults.push(faultAt(at, [], `is used in the SDL and not defined in the schema; did you mean @${meant}?`));
    } else warnings.push(faultAt(at, [], 'is used in the SDL and not defined in the schema; it guards nothing'));
  }
  return { faults, warnings };
}

const isUndefined =
  'is used in the SDL and not defined in the schema, so its arguments may not have been checked; add the SDL authDirectives to the typeDefs, and do not let tools assume that the SDL is valid';

/**
 * Returns the undefined directives in the nodes of all types and members. The node of a type can have members that a
 * transform renamed, so that the type does not have them any more.
 */
function usesOf(schema: GraphQLSchema): readonly ConstDirectiveNode[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const members = types.flatMap((type) => [...membersOf(type).values()]);
  const elements = [...types, ...members, ...members.flatMap(({ args = [] }) => args)];
  const uses = new Set(elements.flatMap(directivesIn));
  for (const { astNode, extensionASTNodes } of types) {
    for (const node of [astNode, ...extensionASTNodes]) {
      if (node) visit(node, { Directive: (use) => void uses.add(use as ConstDirectiveNode) }); // SDL has no variables.
    }
  }
  return [...uses].filter(({ name }) => !schema.getDirective(name.value));
}

/** Whether a directive has arguments, and all of them are arguments of a rule. */
function isRuleLike({ arguments: args = [] }: ConstDirectiveNode): boolean {
  return args.length > 0 && args.every(({ name }) => ruleArguments.some((member) => member === name.value));
}
