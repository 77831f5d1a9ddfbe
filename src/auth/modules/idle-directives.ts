import { Kind, visit } from 'graphql';
import { faultAt } from './fault.ts';
import { isUsual } from '../directive-names.ts';
import type { ParsedModule } from './parse.ts';

/**
 * Directives that modules define and use. Their authors may know servers that run a function for each; here a directive of a module is
 * only written down, and an annotation that is meant to guard something guards nothing. Of those that have a usual name of ours
 * `foreignNames` warns.
 */
export function* idleDirectives(modules: readonly ParsedModule[]): Iterable<string> {
  const used = new Set<string>();
  for (const node of modules.flatMap(({ definitions }) => definitions)) {
    visit(node, { Directive: ({ name }) => void used.add(name.value) });
  }
  for (const { name: module, definitions } of modules) {
    for (const node of definitions) {
      if (node.kind !== Kind.DIRECTIVE_DEFINITION || !used.has(node.name.value) || isUsual(node.name.value)) continue;
      yield faultAt(
        `@${node.name.value}`,
        [module],
        'is not run by Claimgate: it changes no value and guards nothing, unless code of yours reads it from the schema',
      );
    }
  }
}
