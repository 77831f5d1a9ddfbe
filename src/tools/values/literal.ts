import { getNullableType, type GraphQLInputType, isEnumType, isInputObjectType, isListType } from 'graphql';
import { isRecord } from '../../protocol/record.ts';

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
