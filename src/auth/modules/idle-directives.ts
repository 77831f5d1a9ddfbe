import { type ConstDirectiveNode, type DefinitionNode, Kind } from 'graphql';
import { faultAt } from './fault.ts';
import { isDefaultName } from '../directive-names.ts';
import type { ParsedModule } from './parse.ts';

/**
 * Warns of directives that modules define and use. Claimgate runs no function for a module's directive. Therefore the
 * directive guards nothing.
 *
 * If a directive has a default name of Claimgate's directives, `foreignNames` reports it instead.
 */
export function* idleDirectives(modules: readonly ParsedModule[]): Iterable<string> {
  const used = new Set<string>();
  for (const { definitions } of modules) for (const node of definitions) addUsed(node, used);
  for (const { name: module, definitions } of modules) {
    for (const node of definitions) {
      if (node.kind !== Kind.DIRECTIVE_DEFINITION || !used.has(node.name.value) || isDefaultName(node.name.value))
        continue;
      yield faultAt(
        `@${node.name.value}`,
        [module],
        'is not run by Claimgate: it changes no value and guards nothing, unless code of yours reads it from the schema',
      );
    }
  }
}

/** A node of SDL, with the members that hold directives. */
interface Directed {
  readonly directives?: readonly ConstDirectiveNode[];
  readonly fields?: readonly Directed[];
  readonly arguments?: readonly Directed[];
  readonly values?: readonly Directed[];
}

/** Adds the names of the directives of a definition and of its parts. `visit` of graphql-js takes ten times as long. */
function addUsed(node: DefinitionNode | Directed, used: Set<string>): void {
  const { directives = [], fields = [], arguments: args = [], values = [] } = node as Directed;
  for (const { name } of directives) used.add(name.value);
  for (const part of fields) addUsed(part, used);
  for (const part of args) addUsed(part, used);
  for (const part of values) addUsed(part, used);
}
