import {
  type ArgumentNode,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { sumOfFigures, type SelectionFigures, noFigures, figuresOfSelected, figuresOfSpread } from './figures.ts';
import { type ListLengths, listLengthsOf } from './introspected.ts';
import { limitKinds, type MeasuredLimit, measuredLimits } from './limits.ts';
import { knownField, literalNumber, numberIn, type NumberOf, sizeOf } from './size.ts';
import { linesOf, longestName } from './text.ts';

/**
 * The figures of a document. `directives`, `lines` and `nameLength` are counted for the whole document, and `rootFields`
 * for operations only. Every other figure is the greatest figure of an operation or a fragment.
 */
export interface Measured {
  readonly found: Readonly<Record<MeasuredLimit, number>>;
  /** Whether the cost depends on the variables, because a `first` or `last` is a variable. */
  readonly variableCost: boolean;
  /** The number of visited selections, selection sets, directives, arguments and values. It measures the work. */
  readonly visited: number;
}

/** The options of `measure`. */
export interface MeasureOptions {
  /**
   * The schema. It defines the fields that return lists, and the defaults of `first` and `last`. Default: only the
   * document is used.
   */
  readonly schema?: GraphQLSchema;
  /** The values of variables for `first` and `last`. Default: a variable counts by its default value. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /**
   * The size of a list if neither an argument nor a default in the schema states the size. Default: the default of the
   * limit `listItems`.
   */
  readonly listItems?: number;
}

/**
 * Measures a document. The document does not have to be valid. Each selection set is visited once, even if it is spread
 * often. Therefore the work is linear in the document. No function here recurses. If a fragment spreads itself, the
 * inner spread adds no fields.
 */
export function measure(document: DocumentNode, options: MeasureOptions = {}): Measured {
  const { schema, variables = {}, listItems = limitKinds.listItems.default } = options;
  const lengths: ListLengths = schema ? listLengthsOf(schema) : new Map();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const found = { ...noneFound };
  const counts = { visited: 0, directives: 0, variableCost: false };
  const defaults = defaultNumbers(document);

  const numberOf: NumberOf = (value) => {
    if (value.kind !== Kind.VARIABLE) return literalNumber(value);
    counts.variableCost = true;
    const name = value.name.value;
    return Object.hasOwn(variables, name) ? numberIn(variables[name]) : defaults.get(name);
  };

  const known = new Map<SelectionSetNode, SelectionFigures>();
  /** The type to which each selection set is applied. This type does not depend on the place of a spread. */
  const entered = new Map<SelectionSetNode, GraphQLNamedType | undefined>();

  const setOf = (node: SelectionNode): SelectionSetNode | undefined =>
    node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet;

  /**
   * Returns the type to which the selections under a node are applied. `undefined` if the type is not known.
   *
   * @param parent - the type to which the node is applied
   */
  function typeUnder(node: SelectionNode, parent: GraphQLNamedType | undefined): GraphQLNamedType | undefined {
    if (node.kind === Kind.FIELD) return knownField(schema, parent, node.name.value)?.type;
    const { typeCondition } = node.kind === Kind.FRAGMENT_SPREAD ? (fragments.get(node.name.value) ?? {}) : node;
    return typeCondition ? schema?.getType(typeCondition.name.value) : parent;
  }

  /** Counts directives. @returns the depth of the values in their arguments */
  const directives = (nodes: readonly (DirectiveNode | ConstDirectiveNode)[] = []): number => {
    counts.directives += nodes.length;
    counts.visited += nodes.length;
    return nodes.reduce((depth, { arguments: given }) => Math.max(depth, literals(valuesOf(given))), 0);
  };

  /** Returns the depth of lists and input objects in values. */
  function literals(values: readonly ValueNode[]): number {
    let depth = 0;
    for (let level = values; level.length > 0; ) {
      counts.visited += level.length;
      if (level.some(({ kind }) => kind === Kind.LIST || kind === Kind.OBJECT)) depth += 1;
      level = level.flatMap((value): readonly ValueNode[] => {
        if (value.kind === Kind.LIST) return value.values;
        return value.kind === Kind.OBJECT ? value.fields.map((field) => field.value) : [];
      });
    }
    return depth;
  }

  function figuresOf(selectionSet: SelectionSetNode): SelectionFigures {
    const parent = entered.get(selectionSet);
    let figures = noFigures;
    for (const node of selectionSet.selections) {
      counts.visited += 1;
      const set = setOf(node);
      const inside = (set && known.get(set)) ?? noFigures;
      let depth = directives(node.directives);
      if (node.kind === Kind.FIELD) {
        depth = Math.max(depth, literals(valuesOf(node.arguments)));
        const field = knownField(schema, parent, node.name.value);
        figures = sumOfFigures(
          figures,
          figuresOfSelected(node, inside, depth, sizeOf(node, field, numberOf, listItems), lengths),
        );
      } else {
        const fragment = figuresOfSpread(inside);
        figures = sumOfFigures(figures, { ...fragment, nesting: Math.max(fragment.nesting, depth) });
      }
    }
    return figures;
  }

  /** Measures the selection sets under a root, from the inside out. */
  function complete(root: SelectionSetNode, rootType: GraphQLNamedType | undefined): SelectionFigures {
    const open = [{ set: root, type: rootType }];
    for (let last = open.at(-1); last; last = open.at(-1)) {
      const { set, type } = last;
      if (entered.has(set)) {
        open.pop();
        if (!known.has(set)) known.set(set, figuresOf(set));
        continue;
      }
      entered.set(set, type);
      counts.visited += 1;
      for (const node of set.selections) {
        const below = setOf(node);
        if (below && !entered.has(below)) open.push({ set: below, type: typeUnder(node, type) });
      }
    }
    return known.get(root) ?? noFigures;
  }

  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    let nesting = directives(node.directives);
    for (const { defaultValue, directives: given } of node.variableDefinitions ?? []) {
      nesting = Math.max(nesting, directives(given), defaultValue ? literals([defaultValue]) : 0);
    }
    const isOperation = node.kind === Kind.OPERATION_DEFINITION;
    const type = isOperation ? schema?.getRootType(node.operation) : schema?.getType(node.typeCondition.name.value);
    const figures = complete(node.selectionSet, type ?? undefined);
    found.nesting = Math.max(found.nesting, nesting, figures.nesting + 1);
    found.depth = Math.max(found.depth, figures.depth);
    // The field around a spread may state the size of the lists in the fragment. Therefore the fragment itself counts
    // only with its `costInPage`. Its full cost counts at each place where it is spread.
    found.cost = Math.max(found.cost, isOperation ? figures.cost : figures.costInPage);
    found.aliases = Math.max(found.aliases, figures.aliases);
    found.introspectionFields = Math.max(found.introspectionFields, figures.introspectionFields);
    found.introspectionCost = Math.max(found.introspectionCost, Math.ceil(figures.introspectionCost));
    found.introspectionDepth = Math.max(found.introspectionDepth, figures.introspectionDepth);
    if (isOperation) found.rootFields = Math.max(found.rootFields, figures.ownFields);
  }
  found.directives = counts.directives;
  found.lines = linesOf(document);
  found.nameLength = longestName(document);
  return { found, variableCost: counts.variableCost, visited: counts.visited };
}

function valuesOf(given: readonly (ArgumentNode | ConstArgumentNode)[] = []): readonly ValueNode[] {
  return given.map(({ value }) => value);
}

// The object has every measured limit as a key.
const noneFound = Object.fromEntries(measuredLimits.map((name) => [name, 0])) as Record<MeasuredLimit, number>;

/**
 * Returns the default numbers of variables. Null for a default that is not a number. If several operations have a
 * variable of one name, the greatest default counts.
 */
function defaultNumbers({ definitions }: DocumentNode): ReadonlyMap<string, number | null> {
  const defaults = new Map<string, number | null>();
  const operations = definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  for (const { variable, defaultValue } of operations.flatMap((node) => node.variableDefinitions ?? [])) {
    if (!defaultValue) continue;
    const name = variable.name.value;
    const numbers = [literalNumber(defaultValue), defaults.get(name) ?? null].filter((number) => number !== null);
    defaults.set(name, numbers.length > 0 ? Math.max(...numbers) : null);
  }
  return defaults;
}
