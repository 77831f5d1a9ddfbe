import {
  type FragmentDefinitionNode,
  type FieldNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { type Condition, conditionsOf, defaultsOf } from './conditions.ts';
import type { ElementRules } from '../rules/elements.ts';
import { checkLiteralDepth } from '../inputs/limits.ts';
import type { Fragments } from './fragments.ts';
import type { ParentType } from './parent-type.ts';
import { ParentTypes, SchemaParents } from './parent-types.ts';
import type { PlanMaker, PlannedField, PlannedFragment, Selections } from './plan.ts';
import type { PlanSize } from './plan-cache.ts';

/**
 * Makes the function that plans operations. A plan has the rules of every field that an operation selects.
 *
 * @param inputDepth - how deep objects may be nested in a literal
 */
export function createPlanner(schema: GraphQLSchema, elements: ElementRules, inputDepth: number): PlanMaker {
  const shared = new SchemaParents(schema, elements);
  return (operation, fragments, size) => {
    const rootType = schema.getRootType(operation.operation);
    if (!rootType) return null;
    checkLiteralDepth(operation, fragments, inputDepth);
    const parents = new ParentTypes(shared, size);
    const planning = new Planning(operation, fragments, parents, size);
    const root = planning.apply(operation.selectionSet, parents.ofRoot(rootType), false);
    return { operation: operation.operation, node: operation, root };
  };
}

/** The planning of one operation. The plan keeps it, because parts of the plan are made later. */
class Planning {
  readonly #fragments: Fragments;
  readonly #parents: ParentTypes;
  readonly #size: PlanSize;
  readonly #defaults: ReadonlyMap<string, boolean>;
  /** The selection sets of fragments, which can be applied several times. `null`: none was applied. */
  #applied: Map<SelectionSetNode, Map<ParentType, Selections>> | null = null;
  #pairs = 0;

  constructor(operation: OperationDefinitionNode, fragments: Fragments, parents: ParentTypes, size: PlanSize) {
    this.#fragments = fragments;
    this.#parents = parents;
    this.#size = size;
    this.#defaults = defaultsOf(operation);
  }

  /**
   * @param isRepeated - whether the selection set is in a fragment that has a name. Any other selection set is applied
   * one time
   */
  apply(node: SelectionSetNode, parent: ParentType, isRepeated: boolean): Selections {
    if (this.#pairs >= maxPairs) throw tooManyPairs();
    const known = isRepeated ? this.#applied?.get(node)?.get(parent) : undefined;
    if (known) return known;
    const selections = new PlannedSelections(this, node, parent, isRepeated);
    if (isRepeated) this.#store(node, parent, selections);
    this.#pairs += 1;
    this.#size.grow(bytesOfPair);
    return selections;
  }

  #store(node: SelectionSetNode, parent: ParentType, selections: Selections): void {
    const applied = (this.#applied ??= new Map<SelectionSetNode, Map<ParentType, Selections>>());
    const byParent = applied.get(node) ?? new Map<ParentType, Selections>();
    byParent.set(parent, selections);
    applied.set(node, byParent);
    this.#size.grow(bytesOfRepeated);
  }

  planSelections({ selections }: SelectionSetNode, parent: ParentType, isRepeated: boolean): Selections {
    const fields: PlannedField[] = [];
    const fragments: PlannedFragment[] = [];
    this.#size.grow(bytesOfSelection * selections.length);
    for (const node of selections) {
      const conditions = conditionsOf(node, this.#defaults);
      if (conditions === null) continue;
      this.#size.grow(bytesOfCondition * conditions.length);
      if (node.kind === Kind.FIELD) {
        fields.push(this.#planField(node, parent, conditions, isRepeated));
        continue;
      }
      const isSpread = node.kind === Kind.FRAGMENT_SPREAD;
      const fragment = isSpread ? this.#fragments[node.name.value] : node;
      const inside = fragment && this.#applyFragment(fragment, parent, isSpread || isRepeated);
      if (inside) fragments.push({ conditions, selections: inside });
    }
    // A copy has no room for further members.
    return { fields: fields.slice(), fragments: fragments.length > 0 ? fragments.slice() : noFragments };
  }

  #applyFragment(
    { typeCondition, selectionSet }: FragmentDefinitionNode | InlineFragmentNode,
    parent: ParentType,
    isRepeated: boolean,
  ): Selections | null {
    const inside = typeCondition === undefined ? parent : this.#parents.within(parent, typeCondition.name.value);
    return inside && this.apply(selectionSet, inside, isRepeated);
  }

  #planField(node: FieldNode, parent: ParentType, conditions: readonly Condition[], isRepeated: boolean): PlannedField {
    const name = node.name.value;
    const { coordinate, rules, possibilities, inputs } = this.#parents.field(parent, name);
    const inside = node.selectionSet ? this.#parents.below(parent, name) : null;
    if (inputs) this.#size.grow(bytesOfInputs);
    return {
      responseKey: node.alias?.value ?? name,
      name,
      coordinate,
      parent,
      rules,
      possibilities,
      inputs: inputs && { ...inputs, node },
      conditions,
      node,
      selections: inside && node.selectionSet ? this.apply(node.selectionSet, inside, isRepeated) : null,
    };
  }
}

/** A selection set on a parent type. Its content is planned when it is first read. */
class PlannedSelections implements Selections {
  readonly #planning: Planning;
  readonly #node: SelectionSetNode;
  readonly #parent: ParentType;
  readonly #isRepeated: boolean;
  #content: Selections | null = null;

  constructor(planning: Planning, node: SelectionSetNode, parent: ParentType, isRepeated: boolean) {
    this.#planning = planning;
    this.#node = node;
    this.#parent = parent;
    this.#isRepeated = isRepeated;
  }

  get fields(): Selections['fields'] {
    return (this.#content ?? this.#plan()).fields;
  }

  get fragments(): Selections['fragments'] {
    return (this.#content ?? this.#plan()).fragments;
  }

  #plan(): Selections {
    return (this.#content = this.#planning.planSelections(this.#node, this.#parent, this.#isRepeated));
  }
}

const noFragments: readonly PlannedFragment[] = Object.freeze([]);

/**
 * How many pairs of a selection set and a parent type a plan may have. The bound is needed because nested fragments can
 * narrow a parent type to every subset of its possible types.
 */
const maxPairs = 20_000;

/**
 * Estimated sizes, in bytes of heap. `test/auth/plan/estimate.test.ts` measures them on 64-bit V8. They are rounded up.
 */
const bytesOfPair = 250;
const bytesOfRepeated = 400;
const bytesOfSelection = 140;
const bytesOfCondition = 240;
const bytesOfInputs = 60;

function tooManyPairs(): ClaimgateError {
  const message = `The operation applies its fragments to types in more than ${maxPairs} ways.`;
  const evidence = { limit: 'fragments', found: maxPairs + 1, allowed: maxPairs };
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence });
}
