import { type GraphQLSchema, isEnumType, isInputObjectType } from 'graphql';
import { defaultInputDepth } from '../../auth/inputs/limits.ts';
import { maxSelectionDepth } from '../../auth/plan/selection-depth.ts';
import type { Rule } from '../../auth/rules/rule.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { shown } from '../../protocol/shown.ts';

/** Lists the elements with a rule that is enforced, by their coordinates. */
export function elementsOf(rules: readonly Rule[]): readonly string[] {
  return [...new Set(rules.filter(({ mode }) => mode === 'ENFORCE').map(({ coordinate }) => coordinate))];
}

/** Returns a message for each chosen element that has no rule. */
export function faultsOfChosen(rules: readonly Rule[], only: readonly string[] | undefined): readonly string[] {
  if (!only) return [];
  const elements = elementsOf(rules);
  const known = new Set(elements);
  return only
    .filter((coordinate) => !known.has(coordinate))
    .map(
      (one) => `expected the coordinate of an element with a rule; found ${shown(one)}${nearestHint(one, elements)}`,
    );
}

/** Says why no operation can ask for an element. */
export function whyUnreached(schema: GraphQLSchema, coordinate: string): string {
  const type = schema.getType(coordinate.split(/[.(]/)[0] ?? '');
  const isSupplied = isInputObjectType(type) || (isEnumType(type) && coordinate.includes('.'));
  if (!isSupplied) return `no operation reaches it, or only in more than ${maxSelectionDepth} fields in one another`;
  return `no argument of an operation takes it, or only in more than ${defaultInputDepth} objects in one another`;
}
