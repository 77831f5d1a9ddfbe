import {
  type ArgumentNode,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { beside, type Figures, literalNumber, none, type NumberOf, selected, spread } from './figures.ts';
import type { LimitName } from './limits.ts';

/** What a document amounts to, of its operations and fragments the greatest. */
export interface Measured {
  readonly found: Readonly<Record<Exclude<LimitName, 'tokens'>, number>>;
  /** Whether a `first` or `last` is a variable, so that the cost is known with the variables only. */
  readonly variableCost: boolean;
  /** Selections, selection sets, directives, arguments and values looked at: the work that was done. */
  readonly visited: number;
}

/**
 * Measures a document before anything else looks at it: it need not be valid. Each selection set is looked at once, however
 * often it is spread, and nothing here recurses: the work is linear in the document. A fragment within itself counts once.
 *
 * @param variables what `first` and `last` may come from. Default: variables count by their default values
 */
export function measure(document: DocumentNode, variables: Readonly<Record<string, unknown>> = {}): Measured {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const found = { ...nothing };
  const counts = { visited: 0, directives: 0, variableCost: false };
  const defaults = defaultNumbers(document);

  const numberOf: NumberOf = (value) => {
    if (value.kind !== Kind.VARIABLE) return literalNumber(value);
    counts.variableCost = true;
    const given = Object.hasOwn(variables, value.name.value) ? variables[value.name.value] : undefined;
    return typeof given === 'number' ? given : (defaults.get(value.name.value) ?? null);
  };

  const known = new Map<SelectionSetNode, Figures>();
  const entered = new Set<SelectionSetNode>();

  const setOf = (node: SelectionNode): SelectionSetNode | undefined =>
    node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet;

  /** How deep the values in arguments of directives are. */
  const directives = (nodes: readonly (DirectiveNode | ConstDirectiveNode)[] = []): number => {
    counts.directives += nodes.length;
    counts.visited += nodes.length;
    return nodes.reduce((depth, { arguments: given }) => Math.max(depth, literals(valuesOf(given))), 0);
  };

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

  function figuresOf({ selections }: SelectionSetNode): Figures {
    let figures = none;
    for (const node of selections) {
      counts.visited += 1;
      const set = setOf(node);
      const inside = (set && known.get(set)) ?? none;
      let depth = directives(node.directives);
      if (node.kind === Kind.FIELD) {
        depth = Math.max(depth, literals(valuesOf(node.arguments)));
        figures = beside(figures, selected(node, inside, depth, numberOf));
      } else {
        const whole = spread(inside);
        figures = beside(figures, { ...whole, nesting: Math.max(whole.nesting, depth) });
      }
    }
    return figures;
  }

  /** From the inside out. */
  function complete(root: SelectionSetNode): Figures {
    const open = [root];
    for (let set = open.at(-1); set; set = open.at(-1)) {
      if (entered.has(set)) {
        open.pop();
        if (!known.has(set)) known.set(set, figuresOf(set));
        continue;
      }
      entered.add(set);
      counts.visited += 1;
      for (const node of set.selections) {
        const below = setOf(node);
        if (below && !entered.has(below)) open.push(below);
      }
    }
    return known.get(root) ?? none;
  }

  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    let nesting = directives(node.directives);
    for (const { defaultValue, directives: given } of node.variableDefinitions ?? []) {
      nesting = Math.max(nesting, directives(given), defaultValue ? literals([defaultValue]) : 0);
    }
    const figures = complete(node.selectionSet);
    found.nesting = Math.max(found.nesting, nesting, figures.nesting + 1);
    found.depth = Math.max(found.depth, figures.depth);
    found.cost = Math.max(found.cost, figures.cost);
    found.aliases = Math.max(found.aliases, figures.aliases);
    found.introspectionFields = Math.max(found.introspectionFields, figures.introspectionFields);
    found.introspectionDepth = Math.max(found.introspectionDepth, figures.introspectionDepth);
    if (node.kind === Kind.OPERATION_DEFINITION) found.rootFields = Math.max(found.rootFields, figures.ownFields);
  }
  found.directives = counts.directives;
  return { found, variableCost: counts.variableCost, visited: counts.visited };
}

function valuesOf(given: readonly (ArgumentNode | ConstArgumentNode)[] = []): readonly ValueNode[] {
  return given.map(({ value }) => value);
}

const nothing: Measured['found'] = {
  depth: 0,
  nesting: 0,
  cost: 0,
  aliases: 0,
  rootFields: 0,
  directives: 0,
  introspectionDepth: 0,
  introspectionFields: 0,
};

/** The numbers that variables are by default: of operations that name one alike, the greatest. */
function defaultNumbers({ definitions }: DocumentNode): ReadonlyMap<string, number> {
  const defaults = new Map<string, number>();
  const operations = definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  for (const { variable, defaultValue } of operations.flatMap((node) => node.variableDefinitions ?? [])) {
    const number = defaultValue ? literalNumber(defaultValue) : null;
    const name = variable.name.value;
    if (number !== null) defaults.set(name, Math.max(number, defaults.get(name) ?? number));
  }
  return defaults;
}
