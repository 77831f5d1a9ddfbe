import { Kind, visit } from 'graphql';
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
  for (const node of modules.flatMap(({ definitions }) => definitions)) {
    visit(node, { Directive: ({ name }) => void used.add(name.value) });
  }
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
