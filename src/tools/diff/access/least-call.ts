import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLScalarType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  parseValue,
} from 'graphql';

/** A value of an input type: as it is written in a document, and as the field gets it. */
interface LeastValue {
  readonly text: string;
  readonly value: unknown;
}

/** The arguments of a call of a field that has only the required arguments. */
export interface LeastCall {
  /** The arguments as a document has them, with the parentheses. Empty: none is required. */
  readonly text: string;
  /** The arguments as the field gets them, with the default values of the schema. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** How many calls of one field are tried, if a required value has a choice: an enum, or an input with `@oneOf`. */
const maxCalls = 8;

/**
 * Makes calls of a field that have only the required arguments. A required list is empty. There are several calls if a
 * required value has a choice.
 *
 * @param isRuled - whether an enum value has a rule. Values without a rule are used first
 */
export function leastCalls(
  { args }: GraphQLField<unknown, unknown>,
  isRuled: (coordinate: string) => boolean,
): readonly LeastCall[] {
  const calls = new Map<string, LeastCall>();
  for (let choice = 0; choice < maxCalls; choice += 1) {
    const required = args.filter(isRequiredArgument).map(({ name, type }) => ({
      name,
      ...leastValue(type, choice, isRuled),
    }));
    const given = required.map(({ name, value }) => [name, value] as const);
    const defaults = args.flatMap(({ name, defaultValue }) =>
      defaultValue === undefined ? [] : [[name, defaultValue] as const],
    );
    const text = required.map((one) => `${one.name}: ${one.text}`).join(', ');
    calls.set(text, { text: text && `(${text})`, args: Object.fromEntries([...defaults, ...given]) });
    if (required.length === 0) break;
  }
  return [...calls.values()];
}

/** Makes a value of an input type with only the required parts. */
function leastValue(type: GraphQLInputType, choice: number, isRuled: (coordinate: string) => boolean): LeastValue {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable)) return { text: '[]', value: [] };
  const named: GraphQLNamedInputType = nullable;
  if (isEnumType(named)) {
    const values = named.getValues();
    const free = values.filter(({ name }) => !isRuled(`${named.name}.${name}`));
    const inOrder = [...new Set([...free, ...values])];
    const chosen = inOrder[choice % inOrder.length];
    return { text: chosen?.name ?? 'null', value: chosen?.value };
  }
  if (!isInputObjectType(named)) return scalarValue(named);
  const all = Object.values(named.getFields());
  const required = named.isOneOf ? all.slice(choice % all.length).slice(0, 1) : all.filter(isRequiredInputField);
  const defaults = all.flatMap(({ name, defaultValue }) =>
    defaultValue === undefined ? [] : [[name, defaultValue] as const],
  );
  const fields = required.map((field) => ({ name: field.name, ...leastValue(field.type, choice, isRuled) }));
  return {
    text: fields.length === 0 ? '{}' : `{ ${fields.map(({ name, text }) => `${name}: ${text}`).join(', ')} }`,
    value: Object.fromEntries([...defaults, ...fields.map(({ name, value }) => [name, value] as const)]),
  };
}

/** Values that custom scalars often accept. */
const scalarTexts = [
  '"example"',
  '1',
  '"2026-01-01T00:00:00.000Z"',
  '"2026-01-01"',
  '"00000000-0000-4000-8000-000000000000"',
  '"https://example.com/"',
  '"user@example.com"',
  'true',
  '{}',
];

function scalarValue(type: GraphQLScalarType): LeastValue {
  for (const text of scalarTexts) {
    try {
      const value: unknown = type.parseLiteral(parseValue(text), {});
      if (value !== undefined) return { text, value };
    } catch {
      // The scalar does not accept this value.
    }
  }
  return { text: '"example"', value: 'example' };
}
