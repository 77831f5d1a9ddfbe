import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { type Condition, conditionsOf, defaultsOf } from './conditions.ts';
import type { Elements } from '../rules/elements.ts';
import type { RuleIds } from '../rules/rule.ts';
import { checkLiteralDepth } from '../inputs/limits.ts';
import type { InputRules } from '../inputs/input-rules.ts';
import { createParents, type Parent, type Possibility } from './parent-type.ts';

/** A field that an operation selects. */
export interface PlannedField {
  readonly responseKey: string;
  readonly name: string;
  /** `Type.field`, of the type that the document names. */
  readonly coordinate: string;
  readonly parent: Parent;
  /** The rules that meet at it, whatever the values are. */
  readonly rules: RuleIds;
  /** What it takes of each type that its parent can be of: shared by all fields of the same name and parent. */
  readonly possibilities: readonly Possibility[];
  /** The rules of what its arguments supply; `null` where nothing that they could supply carries any. */
  readonly inputs: PlannedInputs | null;
  readonly conditions: readonly Condition[];
  readonly node: FieldNode;
  /** What is selected under it; `null` for a leaf. */
  readonly selections: Selections | null;
}

/** The arguments of a field that an operation selects, as far as rules are concerned. */
export interface PlannedInputs {
  readonly rules: InputRules;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

/** A fragment that an operation applies. */
export interface PlannedFragment {
  readonly conditions: readonly Condition[];
  readonly selections: Selections;
}

/**
 * A selection set applied to a parent. It is looked into when first asked for and then kept, once for each parent: so a plan
 * is linear in its document, however often a fragment is spread.
 */
export interface Selections {
  readonly fields: readonly PlannedField[];
  readonly fragments: readonly PlannedFragment[];
}

/** All that the rules have to say about an operation, before its variables and its caller are known. */
export interface Plan {
  readonly operation: OperationTypeNode;
  readonly root: Selections;
}

export type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

/**
 * Plans an operation; `null` where the schema has no such operations. The document is expected to be valid.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED where its literals are too deep, or its fragments apply in too many ways
 */
export type Planner = (operation: OperationDefinitionNode, fragments: Fragments) => Plan | null;

/** Makes a plan. It grows as it is looked into: then `grown` is called with an estimate of the bytes. */
export type PlanMaker = (
  operation: OperationDefinitionNode,
  fragments: Fragments,
  grown: (bytes: number) => void,
) => Plan | null;

/** @param inputDepth - how deep the literals of an operation may be */
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

/** Whether a field asks for nothing but the name of its parent's type. */
export function isTypename(field: PlannedField): boolean {
  return field.name === TypeNameMetaFieldDef.name;
}
