import { getNullableType, isListType } from 'graphql';
import type { Given } from '../../values/given.ts';

/** Writes an input as a literal whose innermost values are variables. */
export function withMembers(
  value: unknown,
  { type }: Pick<Given, 'type'>,
  variableOf: (given: Pick<Given, 'type' | 'value'>, isDefault: boolean) => string,
): string {
  const nullable = getNullableType(type);
  if (isListType(nullable) && Array.isArray(value)) {
    return `[${value.map((item) => withMembers(item, { type: nullable.ofType }, variableOf)).join(', ')}]`;
  }
  if ('getFields' in nullable && typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member]) => {
      const field = nullable.getFields()[name];
      return field ? [`${name}: ${withMembers(member, field, variableOf)}`] : [];
    });
    return `{ ${members.join(', ')} }`;
  }
  return variableOf({ type, value }, false);
}
