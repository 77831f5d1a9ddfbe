import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { type Condition, conditionsOf, defaultsOf } from './conditions.ts';
import type { ElementRules } from '../rules/elements.ts';
import { checkLiteralDepth } from '../inputs/limits.ts';
import { createParentTypes, type ParentType } from './parent-type.ts';
import type { PlanMaker, PlannedField, PlannedFragment, PlannedInputs, Selections } from './plan.ts';

/**
 * Makes the function that plans operations. A plan has the rules of every field that an operation selects.
 *
 * @param inputDepth - how deep objects may be nested in a literal
 */
export function createPlanner(schema: GraphQLSchema, elements: ElementRules, inputDepth: number): PlanMaker {
  return (operation, fragments, grown) => {
    // The parent types belong to this plan only. A document can narrow a type to any subset of its possible types.
    // Therefore a map for all plans could grow without bound.
    const parents = createParentTypes(schema, elements, grown);
    const rootType = schema.getRootType(operation.operation);
    const rootParent = rootType && parents.of(rootType);
    if (!rootParent) return null;
    checkLiteralDepth(operation, fragments, inputDepth);
    const defaults = defaultsOf(operation);
    const applied = new Map<SelectionSetNode, Map<ParentType, Selections>>();
    let pairs = 0;

    function apply(node: SelectionSetNode, parent: ParentType): Selections {
      if (pairs >= maxPairs) throw tooManyPairs();
      const byParent = applied.get(node) ?? new Map<ParentType, Selections>();
      applied.set(node, byParent);
      const found = byParent.get(parent);
      if (found) return found;
      let content: Selections | undefined;
      const planned = (): Selections => (content ??= planSelections(node, parent));
      const selections: Selections = {
        get fields() {
          return planned().fields;
        },
        get fragments() {
          return planned().fragments;
        },
      };
      byParent.set(parent, selections);
      pairs += 1;
      grown(bytesOfPair);
      return selections;
    }

    function planSelections({ selections }: SelectionSetNode, parent: ParentType): Selections {
      const content = { fields: [] as PlannedField[], fragments: [] as PlannedFragment[] };
      grown(bytesOfSelection * selections.length);
      for (const node of selections) {
        const conditions = conditionsOf(node, defaults);
        if (conditions === null) continue;
        if (node.kind === Kind.FIELD) {
          content.fields.push(planField(node, parent, conditions));
          continue;
        }
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
        const inside = fragment && applyFragment(fragment, parent);
        if (inside) content.fragments.push({ conditions, selections: inside });
      }
      return content;
    }

    function applyFragment(node: FragmentDefinitionNode | InlineFragmentNode, parent: ParentType): Selections | null {
      const condition = node.typeCondition?.name.value;
      const inside = condition === undefined ? parent : parents.within(parent, condition);
      return inside && apply(node.selectionSet, inside);
    }

    function planField(node: FieldNode, parent: ParentType, conditions: readonly Condition[]): PlannedField {
      const name = node.name.value;
      const field = parents.field(parent, name); // `undefined` for introspection fields, which carry no rules.
      const inside = field && node.selectionSet && parents.below(parent, name);
      return {
        responseKey: node.alias?.value ?? name,
        name,
        coordinate: `${parent.named.name}.${name}`,
        parent,
        rules: parents.rules(parent, name),
        possibilities: parents.possibilities(parent, name),
        inputs: field ? inputsOf(field, node, parent) : null,
        conditions,
        node,
        selections: inside && node.selectionSet ? apply(node.selectionSet, inside) : null,
      };
    }

    function inputsOf(
      field: GraphQLField<unknown, unknown>,
      node: FieldNode,
      parent: ParentType,
    ): PlannedInputs | null {
      // If there are several possible types, the rules of the named interface are used. Each possible type can have
      // further rules.
      const [first, another] = parent.possible;
      const type = first && !another ? first : parent.named;
      const rules = elements.inputRules(type.name, field.name);
      const definition = 'getFields' in type ? type.getFields()[field.name] : undefined;
      return rules && definition ? { rules, field: definition, node } : null;
    }

    return { operation: operation.operation, node: operation, root: apply(operation.selectionSet, rootParent) };
  };
}

/**
 * How many pairs of a selection set and a parent type a plan may have. The bound is needed because nested fragments can
 * narrow a parent type to every subset of its possible types.
 */
const maxPairs = 20_000;

/**
 * Estimated sizes, in bytes of heap. `test/auth/plan/memory.test.ts` measures them on 64-bit V8. They are rounded up.
 */
const bytesOfPair = 700;
const bytesOfSelection = 300;

function tooManyPairs(): ClaimgateError {
  const message = `The operation applies its fragments to types in more than ${maxPairs} ways.`;
  const evidence = { limit: 'fragments', found: maxPairs + 1, allowed: maxPairs };
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence });
}
