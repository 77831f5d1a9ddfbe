import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { isRecord } from '../../../protocol/record.ts';
import { stranger } from '../callers/persona.ts';
import type { RulesAt } from '../verdict/rules-at.ts';
import type { Given } from './hop.ts';

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

const maxDepth = 12;

const ofScalars: Examples = {
  ID: stranger,
  String: 'attack',
  Int: 1,
  Float: 1.5,
  Boolean: true,
  DateTime: '2026-01-01T00:00:00Z',
  Timestamp: '2026-01-01T00:00:00Z',
  Date: '2026-01-01',
  Time: '00:00:00Z',
  URL: 'https://example.com/',
  URI: 'https://example.com/',
  Email: 'a@example.com',
  EmailAddress: 'a@example.com',
  UUID: '00000000-0000-4000-8000-000000000000',
  BigInt: 1,
  JSON: {},
};

/** Makes the values of an attack. An example replaces what the shape of the schema gives. */
export function createValues(rules: RulesAt, examples: Examples): Values {
  function of(type: GraphQLInputType, coordinate: string, depth = 0): unknown {
    if (Object.hasOwn(examples, coordinate)) return examples[coordinate];
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [of(nullable.ofType, coordinate, depth)];
    if (depth > maxDepth && !isNonNullType(type)) return null;
    if (isEnumType(nullable)) {
      const names = nullable.getValues().map(({ name }) => name);
      return names.find((name) => rules.ofElement(`${nullable.name}.${name}`).length === 0) ?? names[0];
    }
    if (!isInputObjectType(nullable)) {
      return Object.hasOwn(examples, nullable.name) ? examples[nullable.name] : (ofScalars[nullable.name] ?? 'attack');
    }
    const fields = Object.values(nullable.getFields());
    const given = fields.filter((field) => isRequiredInputField(field) || hasExample(nullable.name, field));
    const [first] = fields;
    const chosen = nullable.isOneOf && given.length === 0 && first ? [first] : given;
    return Object.fromEntries(
      chosen.map((field) => [field.name, of(field.type, `${nullable.name}.${field.name}`, depth + 1)]),
    );
  }
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

/** Writes a value of JSON as a literal of a document. */
export function literalOf(value: unknown, type: GraphQLInputType): string {
  if (value === null || value === undefined) return 'null';
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const { ofType } = nullable;
    return Array.isArray(value)
      ? `[${value.map((item) => literalOf(item, ofType)).join(', ')}]`
      : literalOf(value, ofType);
  }
  if (isInputObjectType(nullable) && isRecord(value)) {
    const fields = nullable.getFields();
    const members = Object.entries(value).flatMap(([name, member]) => {
      const field = fields[name];
      return field ? [`${name}: ${literalOf(member, field.type)}`] : [];
    });
    return `{ ${members.join(', ')} }`;
  }
  return isEnumType(nullable) && typeof value === 'string' ? value : literalOfJson(value);
}

function literalOfJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalOfJson).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${literalOfJson(member)}`)
    .join(', ')} }`;
}
