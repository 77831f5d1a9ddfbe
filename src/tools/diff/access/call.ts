import { coerceInputValue, type GraphQLField, isRequiredArgument } from 'graphql';
import type { Given } from '../../values/given.ts';
import { literalOf } from '../../values/literal.ts';
import { createValues, type Values } from '../../values/values.ts';

/** The arguments of a call of a field. */
export interface CallArguments {
  /** The arguments as a document has them, with the parentheses. Empty: there are none. */
  readonly text: string;
  /** The arguments as the field gets them, with the default values of the schema. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether the field accepts them: it has all of them, and all that it requires are there. */
  readonly isValid: boolean;
}

/** How many calls of one field are tried, if a required value has a choice: an enum, or an input with `@oneOf`. */
const maxCalls = 8;

/**
 * Makes the values of the calls: one for each choice.
 *
 * @param fillsLists - whether a list has one item. Otherwise it is empty, and nothing in it needs a rule
 */
export function callValues(isRuled: (coordinate: string) => boolean, fillsLists: boolean): readonly Values[] {
  return Array.from({ length: maxCalls }, (_, choice) => createValues({ isRuled, fillsLists, choice }));
}

/**
 * Makes calls of a field that have only the required arguments. There are several calls if a required value has a choice.
 */
export function leastCalls(
  type: string,
  field: GraphQLField<unknown, unknown>,
  choices: readonly Values[],
): readonly CallArguments[] {
  const calls = new Map<string, CallArguments>();
  for (const values of choices) {
    const call = callWith(field, values.requiredArguments(type, field.name, field.args));
    calls.set(call.text, call);
    if (call.text === '') break;
  }
  return [...calls.values()];
}

/** Makes a call of a field with given arguments. */
export function callWith({ args }: GraphQLField<unknown, unknown>, given: readonly Given[]): CallArguments {
  let isValid = given.every(({ name }) => args.some((one) => one.name === name));
  const values = args.flatMap((argument): (readonly [string, unknown])[] => {
    const { name, type, defaultValue } = argument;
    const one = given.find((found) => found.name === name);
    if (!one) {
      if (isRequiredArgument(argument)) isValid = false;
      return defaultValue === undefined ? [] : [[name, defaultValue]];
    }
    const value: unknown = coerceInputValue(one.value, type, () => {
      isValid = false;
    });
    return [[name, value === undefined ? one.value : value]];
  });
  const text = given.map(({ name, type, value }) => `${name}: ${literalOf(value, type)}`).join(', ');
  return { text: text && `(${text})`, args: Object.fromEntries(values), isValid };
}
