import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Fragments } from '../../plan/fragments.ts';
import type { PlanSize } from '../../plan/plan-cache.ts';
import { planArguments } from './arguments.ts';
import { type Collecting, collectFields } from './collect-fields.ts';
import { type createFieldShapes, type FieldShape, prefixesOf } from './field-shape.ts';
import type { ConditionValues, FieldPlan, SelectionPlan } from './query-plan.ts';

/** The most fields of one query that are stored. Further fields are planned anew each time they are reached. */
const maxStoredFields = 10_000;

/**
 * Estimated sizes, in bytes of heap. `test/auth/execute/estimate.test.ts` measures them on 64-bit V8. They are rounded up.
 */
const bytesOfSelection = 250;
const bytesOfField = 250;
const bytesOfNode = 8;
const bytesOfArguments = 250;
const bytesOfArgument = 90;
const bytesOfAlias = 250;
/** An alias is in four prefixes. A character takes at most one byte, because names are ASCII. */
const bytesOfCharacter = 4;

/** What the plans of all queries of an executor have in common. */
export interface Preparing {
  readonly schema: GraphQLSchema;
  readonly shapeOf: ReturnType<typeof createFieldShapes>;
  /** Makes what the executor stores for a selection. */
  readonly newHot: () => SelectionPlan['hot'];
}

/**
 * Plans the fields below selection sets for one set of condition values. The fields of an object type are planned when
 * the type is first met.
 */
export class FieldPlanner implements Collecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly conditions: ConditionValues;
  readonly #preparing: Preparing;
  readonly #size: PlanSize;
  #count = 0;

  constructor(preparing: Preparing, fragments: Fragments, conditions: ConditionValues, size: PlanSize) {
    this.schema = preparing.schema;
    this.fragments = fragments;
    this.conditions = conditions;
    this.#preparing = preparing;
    this.#size = size;
  }

  plan(sets: readonly SelectionSetNode[], type: GraphQLObjectType): SelectionPlan {
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collectFields(sets, type, this)) {
      const [node] = nodes;
      const definition = node && this.#definitionOf(type, node.name.value);
      if (!definition) continue;
      fields.push(
        this.#planField(key, nodes, node, this.#preparing.shapeOf(type, definition), type, fields.length === 0),
      );
    }
    this.#size.grow(bytesOfSelection);
    // The copy has no room for further fields.
    return { type, fields: fields.slice(), hot: this.#preparing.newHot() };
  }

  #planField(
    key: string,
    nodes: readonly FieldNode[],
    node: FieldNode,
    shape: FieldShape,
    parentType: GraphQLObjectType,
    isFirst: boolean,
  ): FieldPlan {
    const isStored = this.#count < maxStoredFields;
    const index = isStored ? this.#count : -1;
    this.#count += 1;
    const { definition, absentArguments } = shape;
    const isNamed = key === definition.name;
    const prefixes = isNamed ? (isFirst ? shape.first : shape.later) : prefixesOf(key, isFirst);
    const args = (!node.arguments?.length && absentArguments) || planArguments(definition, node);
    if (isStored) {
      let bytes = bytesOfField + bytesOfNode * nodes.length;
      if (!isNamed) bytes += bytesOfAlias + bytesOfCharacter * key.length;
      if (args !== absentArguments) bytes += bytesOfArguments + bytesOfArgument * definition.args.length;
      this.#size.grow(bytes);
    }
    return new SelectedField(this, index, key, prefixes, parentType, nodes, args, shape);
  }

  /** Returns the definition of a field, as graphql-js finds it. */
  #definitionOf(type: GraphQLObjectType, name: string): FieldPlan['definition'] | undefined {
    if (type === this.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : type.getFields()[name];
  }
}

/** A selected field. Most of its parts belong to its shape. They are copied, because an execution reads all of them. */
class SelectedField implements FieldPlan {
  readonly index: number;
  readonly key: string;
  readonly name: string;
  readonly prefixes: FieldPlan['prefixes'];
  readonly constant: string | null;
  readonly parentType: GraphQLObjectType;
  readonly definition: FieldPlan['definition'];
  readonly nodes: readonly FieldNode[];
  readonly resolve: FieldPlan['resolve'];
  readonly direct: FieldPlan['direct'];
  readonly args: FieldPlan['args'];
  readonly returns: FieldPlan['returns'];
  readonly property: FieldPlan['property'];
  readonly passesInfo: boolean;
  readonly #planner: FieldPlanner;
  #latest: SelectionPlan | null = null;
  /** The selections on other types. `null`: only one type was met. */
  #others: Map<GraphQLObjectType, SelectionPlan> | null = null;

  constructor(
    planner: FieldPlanner,
    index: number,
    key: string,
    prefixes: FieldPlan['prefixes'],
    parentType: GraphQLObjectType,
    nodes: readonly FieldNode[],
    args: FieldPlan['args'],
    { constant, definition, direct, passesInfo, resolve, returns }: FieldShape,
  ) {
    this.index = index;
    this.key = key;
    this.name = definition.name;
    this.prefixes = prefixes;
    this.constant = constant;
    this.parentType = parentType;
    this.definition = definition;
    this.nodes = nodes.length > 1 ? nodes.slice() : nodes; // The copy has no room for further nodes.
    this.resolve = resolve;
    this.direct = direct;
    this.args = args;
    this.returns = returns;
    this.property = args.isConstant && direct?.resolve === defaultFieldResolver ? returns.scalar : null;
    this.passesInfo = passesInfo;
    this.#planner = planner;
  }

  selectionOn(type: GraphQLObjectType): SelectionPlan {
    const latest = this.#latest;
    return latest !== null && latest.type === type ? latest : this.#selectionOn(type, latest);
  }

  #selectionOn(type: GraphQLObjectType, latest: SelectionPlan | null): SelectionPlan {
    const known = this.#others?.get(type);
    const sets = this.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const selection = known ?? this.#planner.plan(sets, type);
    if (this.index < 0) return selection;
    if (latest !== null) (this.#others ??= new Map([[latest.type, latest]])).set(type, selection);
    this.#latest = selection;
    return selection;
  }
}
