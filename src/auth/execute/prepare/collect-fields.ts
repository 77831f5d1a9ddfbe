import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { conditionsOf, isIncluded, noDefaults } from '../../plan/conditions.ts';
import type { Fragments } from '../../plan/fragments.ts';
import type { ConditionValues } from './query-plan.ts';

/** What decides which fields are collected. */
export interface Collecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly conditions: ConditionValues;
}

/** Collects the fields of selection sets on an object type, by response key, as graphql-js does. */
export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
  { schema, fragments, conditions }: Collecting,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();

  function includes(node: SelectionNode): boolean {
    const found = conditionsOf(node, noDefaults);
    return found !== null && isIncluded(found, conditions);
  }

  function applies({ typeCondition }: FragmentDefinitionNode | InlineFragmentNode): boolean {
    if (!typeCondition) return true;
    const condition = schema.getType(typeCondition.name.value);
    return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
  }

  function collect({ selections }: SelectionSetNode): void {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD && visited.has(node.name.value)) continue;
      if (!includes(node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const known = fields.get(key);
        if (known) known.push(node);
        else fields.set(key, [node]);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) visited.add(node.name.value);
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
      if (fragment && applies(fragment)) collect(fragment.selectionSet);
    }
  }

  for (const selectionSet of selectionSets) collect(selectionSet);
  return fields;
}
