import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  type TypeNode,
  typeFromAST,
  type ValueNode,
  valueFromAST,
  visit,
} from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { inputFault, type OperationVariables } from '../plan/operation-variables.ts';
import type { InputRules } from '../inputs/input-rules.ts';
import type { PlannedInputs } from '../plan/plan.ts';
import type { RuleIds } from '../rules/rule.ts';

/**
 * Which inputs count as supplied. `certain`: those that are supplied with all values of the variables. `possible`: those
 * that some values of the variables supply.
 */
export type SuppliedInputs = 'certain' | 'possible';

/**
 * Makes the variables of an operation whose values are not known. The rules of inputs are found by the engine's own
 * inspector, for example values: for each part of an input type that a variable can supply, one value supplies it.
 *
 * @param inputDepth - how deep objects may be nested. Deeper parts of a type cannot be supplied
 */
export function staticVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  supplied: SuppliedInputs,
  inputDepth: number,
): OperationVariables {
  const least = new Map<string, unknown>();
  const examples = new Map<string, readonly unknown[]>();
  for (const { variable, type: node, defaultValue } of operation.variableDefinitions ?? []) {
    const type = inputTypeOf(schema, node);
    if (!type) continue;
    const value = defaultValue ? valueFromAST(defaultValue, type) : isNonNullType(type) ? leastValue(type) : undefined;
    if (supplied === 'possible') {
      examples.set(variable.name.value, exampleValues(type, inputDepth));
      least.set(variable.name.value, value ?? leastValue(type));
    } else if (value !== undefined) least.set(variable.name.value, value);
  }
  const base = Object.fromEntries(least);

  return {
    // Neither true nor false: the fields of `@skip` and `@include` are included.
    ofConditions: Object.fromEntries(
      (operation.variableDefinitions ?? []).map(({ variable }) => [variable.name.value, null]),
    ),
    supplied({ rules, field, node }: PlannedInputs): RuleIds {
      const found = new Set(rules(argumentsOf(field.args, node, base)));
      if (supplied === 'certain') return ascending(found);
      for (const name of variablesIn(node)) {
        for (const value of examples.get(name) ?? []) {
          for (const id of ifAllowed(rules, argumentsOf(field.args, node, { ...base, [name]: value }))) found.add(id);
        }
      }
      for (const argument of unreadable(field.args, node, base)) {
        for (const value of exampleValues(argument.type, inputDepth))
          for (const id of ifAllowed(rules, { [argument.name]: value })) found.add(id);
      }
      return ascending(found);
    },
    fault: inputFault,
  };
}

type Values = Readonly<Record<string, unknown>>;

/** Finds the rules of arguments with an example value. None, if the arguments are too deep, because they cannot be sent. */
function ifAllowed(rules: InputRules, args: Values): RuleIds {
  try {
    return rules(args);
  } catch (error) {
    if (error instanceof ClaimgateError) return [];
    throw error;
  }
}

/** Returns the arguments as the executor would coerce them. An argument that is an absent variable is left out. */
function argumentsOf(
  definitions: readonly GraphQLArgument[],
  { arguments: nodes = [] }: FieldNode,
  variables: Values,
): Values {
  const values: [string, unknown][] = [];
  for (const { name, type } of definitions) {
    const node = nodes.find((one) => one.name.value === name);
    const value = node && coerced(node.value, type, variables);
    if (value !== undefined) values.push([name, value]);
  }
  return Object.fromEntries(values);
}

/** Finds the arguments that cannot be coerced. Each of their parts counts as supplied. */
function unreadable(definitions: readonly GraphQLArgument[], { arguments: nodes = [] }: FieldNode, variables: Values) {
  return definitions.filter(({ name, type }) => {
    const node = nodes.find((one) => one.name.value === name);
    return node !== undefined && coerced(node.value, type, variables) === undefined;
  });
}

function coerced(node: ValueNode, type: GraphQLInputType, variables: Values): unknown {
  try {
    return valueFromAST(node, type, variables);
  } catch {
    return undefined; // A scalar of the team can throw another error than graphql-js expects.
  }
}

const variableNames = new WeakMap<FieldNode, ReadonlySet<string>>();

function variablesIn(node: FieldNode): ReadonlySet<string> {
  let names = variableNames.get(node);
  if (!names) {
    const found = new Set<string>();
    for (const argument of node.arguments ?? [])
      visit(argument, { Variable: ({ name }) => void found.add(name.value) });
    variableNames.set(node, found);
    names = found;
  }
  return names;
}

function inputTypeOf(schema: GraphQLSchema, node: TypeNode): GraphQLInputType | null {
  const type = typeFromAST(schema, node);
  return isInputType(type) ? type : null;
}

/** A value that is no value of an enum and no input object. Only the rules of its type hold for it. */
const anyLeaf: object = Object.freeze({});

/** Returns the value that supplies the fewest inputs. */
function leastValue(type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [];
  if (!isInputObjectType(nullable)) return anyLeaf;
  const required = Object.values(nullable.getFields()).filter(
    (field) => isNonNullType(field.type) && field.defaultValue === undefined,
  );
  return Object.fromEntries(required.map((field) => [field.name, leastValue(field.type)]));
}

/**
 * Returns values that together supply every part of an input type. Each input type is entered on one shortest way.
 *
 * @param depth - how deep the objects of a value may be nested
 */
function exampleValues(type: GraphQLInputType, depth: number): readonly unknown[] {
  const named = getNamedType(type);
  const around = (value: unknown): unknown => inLists(type, value);
  if (isEnumType(named)) return enumValues(named).map(around);
  if (!isInputObjectType(named)) return [around(anyLeaf)];
  const found: unknown[] = [];
  const entered = new Set<GraphQLInputObjectType>([named]);
  const open: {
    readonly type: GraphQLInputObjectType;
    readonly level: number;
    readonly around: (value: unknown) => unknown;
  }[] = [{ type: named, level: 1, around }];
  for (const { type: object, level, around: within } of open) {
    const fields = Object.values(object.getFields());
    found.push(within(Object.fromEntries(fields.map(({ name }) => [name, null]))));
    for (const field of fields) {
      const inner = getNamedType(field.type);
      const at = (value: unknown): unknown => within({ [field.name]: inLists(field.type, value) });
      if (isEnumType(inner)) found.push(...enumValues(inner).map(at));
      if (!isInputObjectType(inner) || entered.has(inner) || level === depth) continue;
      entered.add(inner);
      open.push({ type: inner, level: level + 1, around: at });
    }
  }
  return found;
}

function enumValues(type: GraphQLEnumType): readonly unknown[] {
  return type.getValues().map(({ value }): unknown => value);
}

function inLists(type: GraphQLInputType, value: unknown): unknown {
  const nullable = getNullableType(type);
  return isListType(nullable) ? [inLists(nullable.ofType, value)] : value;
}

function ascending(ids: ReadonlySet<number>): RuleIds {
  return [...ids].sort((a, b) => a - b);
}
