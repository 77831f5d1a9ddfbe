import { type ConstDirectiveNode, type ConstValueNode, isTypeDefinitionNode, isTypeExtensionNode, Kind } from 'graphql';
import { directiveNames, typeNames } from './directive.ts';
import { faultAt } from './fault.ts';
import type { ParsedModule } from './parse.ts';

/**
 * A directive of ours that a module defines for itself, or takes in under a name of its own, would look like a rule and
 * be none: both are faults. GraphQL's validation finds the rest, as a name that nobody defined.
 */
export function checkNames(modules: readonly ParsedModule[], faults: string[]): void {
  for (const { name: module, definitions } of modules) {
    for (const node of definitions) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION && isOurs(node.name.value)) {
        const message = 'is defined by Claimgate alone; take this definition out';
        faults.push(faultAt(`@${node.name.value}`, [module], message));
      }
      if ((isTypeDefinitionNode(node) || isTypeExtensionNode(node)) && typeNames.has(node.name.value)) {
        const message = 'is defined by Claimgate alone; take this definition out, or choose another name';
        faults.push(faultAt(node.name.value, [module], message));
      }
      if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
      for (const name of importsOf(node.directives ?? [])) {
        if (isOurs(name)) faults.push(faultAt('schema', [module], `imports @${name}; take it out, and write @${name}`));
      }
    }
  }
}

/** `auth`, or `auth` behind the prefix of a linked specification: `claimgate__auth`. */
function isOurs(name: string): boolean {
  return directiveNames.has(name.split('__').at(-1) ?? name);
}

/** The directives that `@link(import:)` names, as `"@auth"` or `{ name: "@auth", as: "@guard" }`. */
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
