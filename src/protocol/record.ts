/**
 * Whether a value is an object with members by name: a JSON object (RFC 8259 §4), not an array and not null.
 *
 * Does not distinguish own members from inherited members. Use `Object.hasOwn` before you read a member whose name
 * comes from another party.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a record with the same keys and changed values. */
export function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (value: From, key: Key) => To,
): Record<Key, To> {
  const entries = Object.entries<From>(record).map(([key, value]) => [key, change(value, key as Key)]);
  return Object.fromEntries(entries) as Record<Key, To>; // It has the same keys.
}
