/**
 * Whether a value is an object with members by name: a JSON object (RFC 8259 §4), not an array and not null.
 *
 * Own and inherited members are not told apart: use `Object.hasOwn` before a member is read whose name comes from outside.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
