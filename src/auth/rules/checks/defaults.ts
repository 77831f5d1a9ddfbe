import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  valueFromAST,
} from 'graphql';
import { faultAt, moduleOf } from '../../modules/fault.ts';
import type { ElementRules } from '../elements.ts';
import type { Rule } from '../rule.ts';

/**
 * Checks that no guarded input has a default value. The guard cannot distinguish a default value from a value of the
 * caller.
 */
export function checkDefaults(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  elements: ElementRules,
  faults: string[],
): void {
  const ruled = new Set(rules.filter(({ mode }) => mode === 'ENFORCE').map((rule) => rule.coordinate));
  for (const type of Object.values(schema.getTypeMap())) {
    const inputs = isInputObjectType(type)
      ? Object.values(type.getFields()).map((input) => ({
          coordinate: `${type.name}.${input.name}`,
          inherited: [],
          input,
        }))
      : fieldsOf(type).flatMap((field) =>
          field.args.map((input) => ({
            coordinate: `${type.name}.${field.name}(${input.name}:)`,
            inherited: parentsOf(type).map((parent) => `${parent}.${field.name}(${input.name}:)`),
            input,
          })),
        );
    for (const { coordinate, inherited, input } of inputs) {
      const defaults = defaultsOf(input);
      if (defaults.length === 0) continue;
      const guarded = [coordinate, ...inherited].some((place) => ruled.has(place));
      const supplies = defaults.some((value) => elements.defaultRules({ ...input, defaultValue: value }).length > 0);
      const message = guarded || supplies ? supplied : isJudged(input, elements) ? undefined : unjudged;
      if (message !== undefined) faults.push(faultAt(coordinate, [moduleOf(input.astNode)], message));
    }
  }
}

/**
 * Returns the default value of an input, and the default value that its SDL has. They can differ in a given schema,
 * because graphql-tools does not convert all enum values. It leaves the names of enum values inside an object or a list
 * unchanged, but rules belong to the internal values.
 */
function defaultsOf({ defaultValue, astNode, type }: GraphQLArgument | GraphQLInputField): readonly unknown[] {
  const written = astNode?.defaultValue && valueFromAST(astNode.defaultValue, type);
  return [defaultValue, written].filter((value) => value !== undefined);
}

const supplied = 'has a default value that supplies what a rule guards; take the default out';

const unjudged =
  'has a default value that is not a value of its type, so the rules of its values cannot be judged; give the internal values of enums, or take the default out';

/**
 * Whether a default value without SDL can be judged. Such a value is given in code. It may have the name of an enum
 * value in place of the internal value.
 */
function isJudged(
  { defaultValue, astNode, type }: GraphQLArgument | GraphQLInputField,
  elements: ElementRules,
): boolean {
  if (astNode?.defaultValue || !elements.isRuledInput(type)) return true;
  try {
    return (astFromValue(defaultValue, type) ?? null) !== null;
  } catch {
    return false;
  }
}

function parentsOf(type: unknown): readonly string[] {
  return isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().map(({ name }) => name) : [];
}

function fieldsOf(type: unknown): readonly GraphQLField<unknown, unknown>[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return type.name.startsWith('__') ? [] : Object.values(type.getFields());
}
