import { type ConstDirectiveNode, type ConstValueNode, isTypeDefinitionNode, isTypeExtensionNode, Kind } from 'graphql';
import { faultAt } from './fault.ts';
import { hasRuleArguments } from '../directive.ts';
import { directiveNamesOf, isDefaultName, type ResolvedDirectiveNames, typeNamesOf } from '../directive-names.ts';
import type { ParsedModule } from './parse.ts';

/**
 * Checks that no module defines one of Claimgate's directives or types, or imports one of these directives by `@link`.
 * A directive of a module would look like a rule, but enforce nothing.
 *
 * @param faults - a line is added for each fault
 */
export function checkNames(modules: readonly ParsedModule[], names: ResolvedDirectiveNames, faults: string[]): void {
  const directives = directiveNamesOf(names);
  const types = typeNamesOf(names);
  /**
   * Whether a name is the name of one of Claimgate's directives, such as `auth`. The prefix of a linked specification
   * is ignored, for example in `claimgate__auth`.
   */
  const isOurs = (name: string): boolean => directives.has(name) || directives.has(name.split('__').at(-1) ?? name);
  for (const { name: module, definitions } of modules) {
    for (const node of definitions) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) {
        const { name, arguments: args = [] } = node;
        const isDisguised = hasRuleArguments(args.map((argument) => argument.name.value));
        const message = isOurs(name.value)
          ? `is defined by Claimgate alone; take this definition out, ${otherwise}`
          : isDisguised
            ? disguisedFault(name.value, names)
            : undefined;
        if (message !== undefined) faults.push(faultAt(`@${name.value}`, [module], message));
      }
      if ((isTypeDefinitionNode(node) || isTypeExtensionNode(node)) && types.has(node.name.value)) {
        const message = `is defined by Claimgate alone; take this definition out, ${otherwise}`;
        faults.push(faultAt(node.name.value, [module], message));
      }
      if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
      for (const name of importsOf(node.directives ?? [])) {
        if (isOurs(name)) faults.push(faultAt('schema', [module], `imports @${name}; take it out, and write @${name}`));
      }
    }
  }
}

const otherwise =
  'or name Claimgate\'s directive otherwise, as by directives: { auth: "claims" }, which names its types too';

/** Writes the fault of a directive that has the arguments of Claimgate's directive, and not its name. */
export function disguisedFault(name: string, { auth }: ResolvedDirectiveNames): string {
  return `has the arguments of Claimgate's directive, which is @${auth} here, so its rules would not be read; set directives: { auth: "${name}" }, or write @${auth}`;
}

/** Warns of a module's directive that has a default name of Claimgate's directives. This directive guards nothing. */
export function* foreignNames(modules: readonly ParsedModule[], names: ResolvedDirectiveNames): Iterable<string> {
  for (const { name: module, definitions } of modules) {
    for (const node of definitions) {
      if (node.kind !== Kind.DIRECTIVE_DEFINITION || !isDefaultName(node.name.value)) continue;
      const ours = names[node.name.value];
      if (ours === node.name.value) continue;
      yield faultAt(`@${node.name.value}`, [module], `is the module's own and guards nothing; Claimgate's is @${ours}`);
    }
  }
}

/** Returns the directives that `@link(import:)` names, as `"@auth"` or `{ name: "@auth", as: "@guard" }`. */
function importsOf(directives: readonly ConstDirectiveNode[]): readonly string[] {
  return directives
    .flatMap((directive) => directive.arguments ?? [])
    .filter((argument) => argument.name.value === 'import')
    .flatMap((argument) => stringsIn(argument.value))
    .filter((text) => text.startsWith('@'))
    .map((text) => text.slice(1));
}

function stringsIn(value: ConstValueNode): readonly string[] {
  if (value.kind === Kind.LIST) return value.values.flatMap(stringsIn);
  if (value.kind === Kind.OBJECT) return value.fields.flatMap((field) => stringsIn(field.value));
  return value.kind === Kind.STRING ? [value.value] : [];
}
