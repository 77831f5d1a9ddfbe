import type { GraphQLScalarType } from 'graphql';

/** Values of scalars, by their names. */
const byName: Readonly<Record<string, unknown>> = {
  ID: 'example',
  String: 'example',
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

/** Values that scalars with other names often accept. */
const common: readonly unknown[] = [
  'example',
  1,
  '2026-01-01T00:00:00.000Z',
  '2026-01-01',
  '00000000-0000-4000-8000-000000000000',
  'https://example.com/',
  'user@example.com',
  true,
  {},
];

/**
 * Returns the first value of JSON that a scalar accepts. If it accepts none of them, it returns the first one.
 *
 * @param preferred - values by name that replace the usual ones. `String` is tried for every other scalar too
 */
export function scalarValue(type: GraphQLScalarType, preferred: Readonly<Record<string, unknown>>): unknown {
  const named = [preferred, byName].flatMap((values) => (Object.hasOwn(values, type.name) ? [values[type.name]] : []));
  const all = [...named, ...('String' in preferred ? [preferred['String']] : []), ...common];
  const isAccepted = (value: unknown): boolean => {
    try {
      const parsed: unknown = type.parseValue(value);
      return parsed !== undefined && parsed !== null;
    } catch {
      return false;
    }
  };
  return all.find(isAccepted) ?? all[0];
}
