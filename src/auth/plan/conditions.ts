import { type DirectiveNode, Kind, type OperationDefinitionNode, type SelectionNode } from 'graphql';

/** The values of an operation's variables, before or after coercion. */
export type Variables = Readonly<Record<string, unknown>>;

/** A `@skip` or `@include` whose argument is a variable. */
export interface Condition {
  readonly variable: string;
  /** The default value of the variable. */
  readonly fallback: boolean | undefined;
  /** The value that leaves the selection out: `true` for `@skip`, `false` for `@include`. */
  readonly without: boolean;
}

/** The default values of the variables of an operation without such values. */
export const noDefaults: ReadonlyMap<string, boolean> = new Map();

/** Returns the default values of an operation's variables that are `true` or `false`, by name. */
export function defaultsOf(operation: OperationDefinitionNode): ReadonlyMap<string, boolean> {
  let defaults: Map<string, boolean> | null = null;
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind !== Kind.BOOLEAN) continue;
    defaults ??= new Map();
    defaults.set(variable.name.value, defaultValue.value);
  }
  return defaults ?? noDefaults;
}

const none: readonly Condition[] = Object.freeze([]);

/** Returns the conditions of a selection. `null`: a literal `@skip` or `@include` always leaves the selection out. */
export function conditionsOf(node: SelectionNode, defaults: ReadonlyMap<string, boolean>): readonly Condition[] | null {
  if (!node.directives?.length) return none; // Most selections share one array.
  const conditions: Condition[] = [];
  for (const [name, without] of [['skip', true] as const, ['include', false] as const]) {
    const value = node.directives.find((directive) => directive.name.value === name)?.arguments?.find(isIf)?.value;
    if (value?.kind === Kind.BOOLEAN && value.value === without) return null;
    if (value?.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      conditions.push({ variable, fallback: defaults.get(variable), without });
    }
  }
  return conditions;
}

function isIf(argument: NonNullable<DirectiveNode['arguments']>[number]): boolean {
  return argument.name.value === 'if';
}

/**
 * Whether a selection is included for these variables. If the value is not a Boolean, the result is `true`, and the
 * executor reports the value.
 */
export function isIncluded(conditions: readonly Condition[], variables: Variables): boolean {
  return conditions.every(({ variable, fallback, without }) => {
    const value = Object.hasOwn(variables, variable) ? variables[variable] : fallback;
    return value !== without;
  });
}
