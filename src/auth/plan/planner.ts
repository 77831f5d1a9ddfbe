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
import type { Elements } from '../rules/elements.ts';
import { checkLiteralDepth } from '../inputs/limits.ts';
import { createParents, type Parent } from './parent-type.ts';
import type { PlanMaker, PlannedField, PlannedFragment, PlannedInputs, Selections } from './plan.ts';

/**
 * Makes the function that plans operations: it finds the rules of every field that an operation selects.
 *
 * @param inputDepth - how many objects of a literal may be within one another
 */
export function createPlanner(schema: GraphQLSchema, elements: Elements, inputDepth: number): PlanMaker {
  return (operation, fragments, grown) => {
    // Of this plan alone: documents can narrow to any subset of the types, and the schema outlives them.
    const parents = createParents(schema, elements, grown);
    const rootType = schema.getRootType(operation.operation);
    const rootParent = rootType && parents.of(rootType);
    if (!rootParent) return null;
    checkLiteralDepth(operation, fragments, inputDepth);
    const defaults = defaultsOf(operation);
    const applied = new Map<SelectionSetNode, Map<Parent, Selections>>();
    let pairs = 0;

    function apply(node: SelectionSetNode, parent: Parent): Selections {
      if (pairs >= mostPairs) throw tooManyPairs();
      const byParent = applied.get(node) ?? new Map<Parent, Selections>();
      applied.set(node, byParent);
      const found = byParent.get(parent);
      if (found) return found;
      let content: Selections | undefined;
      const look = (): Selections => (content ??= lookInto(node, parent));
      const selections: Selections = {
        get fields() {
          return look().fields;
        },
        get fragments() {
          return look().fragments;
        },
      };
      byParent.set(parent, selections);
      pairs += 1;
      grown(bytesOfPair);
      return selections;
    }

    function lookInto({ selections }: SelectionSetNode, parent: Parent): Selections {
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

    function applyFragment(node: FragmentDefinitionNode | InlineFragmentNode, parent: Parent): Selections | null {
      const condition = node.typeCondition?.name.value;
      const inside = condition === undefined ? parent : parents.within(parent, condition);
      return inside && apply(node.selectionSet, inside);
    }

    function planField(node: FieldNode, parent: Parent, conditions: readonly Condition[]): PlannedField {
      const name = node.name.value;
      const field = parents.field(parent, name); // None for introspection, which carries no rules.
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

    function inputsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, parent: Parent): PlannedInputs | null {
      // Of several possible types each has the rules of the interface that the document names, and may have others.
      const [first, another] = parent.possible;
      const type = first && !another ? first : parent.named;
      const rules = elements.inputRules(type.name, field.name);
      const definition = 'getFields' in type ? type.getFields()[field.name] : undefined;
      return rules && definition ? { rules, field: definition, node } : null;
    }

    return { operation: operation.operation, root: apply(operation.selectionSet, rootParent) };
  };
}

/**
 * How many pairs of a selection set and what it is applied to a plan may have. Where interfaces overlap, fragments within
 * fragments can narrow to every subset of their types.
 */
const mostPairs = 20_000;

/** What is taken for the size of a plan, in bytes of heap: measured on 64-bit V8 by the test of plans, and rounded up. */
const bytesOfPair = 700;
const bytesOfSelection = 300;

function tooManyPairs(): ClaimgateError {
  const message = `The operation applies its fragments to types in more than ${mostPairs} ways.`;
  const evidence = { limit: 'fragments', found: mostPairs + 1, allowed: mostPairs };
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence });
}
