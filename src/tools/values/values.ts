import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Given } from './given.ts';
import { createDepthOf } from './one-of.ts';
import { scalarValue } from './scalars.ts';

/**
 * Values of arguments and input fields, by their coordinates: `Query.order(id:)`, `OrderFilter.since`; and of scalars, by
 * their names.
 */
export type Examples = Readonly<Record<string, unknown>>;

/** Makes values for required arguments. */
export interface Values {
  /** Returns the arguments that a field needs. */
  readonly requiredArguments: (type: string, field: string, args: readonly GraphQLArgument[]) => readonly Given[];
  /** Returns a value of a type. It supplies only the fields that are required. */
  readonly of: (type: GraphQLInputType, coordinate: string) => unknown;
}

/** How values are made. */
export interface ValueOptions {
  /** Whether an element has a rule. Enum values without a rule are used first. */
  readonly isRuled: (coordinate: string) => boolean;
  /** Values that replace what the shape of the schema gives. Default: none. */
  readonly examples?: Examples;
  /** Values of scalars by name that are tried first. `String` is tried for scalars with another name too. Default: none. */
  readonly scalars?: Examples;
  /** Whether a list has one item. Otherwise it is empty. */
  readonly fillsLists: boolean;
  /** Which enum values, and which members of an input with `@oneOf`, are used. Default 0: the first. */
  readonly choice?: number;
}

/** In a value that is nested deeper, lists are empty: an input may have itself as a list. */
const maxListDepth = 4;
/** In a value that is nested deeper, an input with `@oneOf` has the member with which the value ends soonest. */
const maxChoiceDepth = 2;

/** Makes the values of an operation, with only the required parts. An example replaces what the shape of the schema gives. */
export function createValues({ isRuled, examples = {}, scalars = {}, fillsLists, choice = 0 }: ValueOptions): Values {
  const depthOf = createDepthOf();

  function of(type: GraphQLInputType, coordinate: string, depth = 0): unknown {
    if (Object.hasOwn(examples, coordinate)) return examples[coordinate];
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      return fillsLists && depth <= maxListDepth ? [of(nullable.ofType, coordinate, depth + 1)] : [];
    }
    if (isEnumType(nullable)) return enumValue(nullable);
    if (!isInputObjectType(nullable)) {
      return Object.hasOwn(examples, nullable.name) ? examples[nullable.name] : scalarValue(nullable, scalars);
    }
    return Object.fromEntries(
      membersOf(nullable, depth).map((field) => [
        field.name,
        of(field.type, `${nullable.name}.${field.name}`, depth + 1),
      ]),
    );
  }

  function enumValue(type: GraphQLEnumType): string | undefined {
    const names = type.getValues().map(({ name }) => name);
    const free = names.filter((name) => !isRuled(`${type.name}.${name}`));
    return chosen([...new Set([...free, ...names])]);
  }

  function membersOf(type: GraphQLInputObjectType, depth: number): readonly GraphQLInputField[] {
    const fields = Object.values(type.getFields());
    const given = fields.filter((field) => isRequiredInputField(field) || hasExample(type.name, field));
    if (!type.isOneOf) return given;
    if (given.length > 0) return given.slice(0, 1);
    const ending = fields
      .filter((field) => Number.isFinite(depthOf(field.type)))
      .toSorted((one, other) => depthOf(one.type) - depthOf(other.type));
    const member = depth < maxChoiceDepth ? chosen(ending) : ending[0];
    return member ? [member] : [];
  }

  const chosen = <Item>(items: readonly Item[]): Item | undefined => items[choice % items.length];
  const hasExample = (type: string, { name }: GraphQLInputField): boolean => Object.hasOwn(examples, `${type}.${name}`);
  return {
    of,
    requiredArguments: (type, field, args) =>
      args
        .filter((one) => isRequiredArgument(one) || Object.hasOwn(examples, `${type}.${field}(${one.name}:)`))
        .map((one) => ({
          name: one.name,
          type: one.type,
          value: of(one.type, `${type}.${field}(${one.name}:)`),
        })),
  };
}
