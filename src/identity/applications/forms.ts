/** A value as a column stores it. */
export type Stored = string | number | null;

/** How a value is stored in its column, and its type in the JSON of a registration (RFC 7591). */
export interface StoredForm<Value> {
  readonly json: 'string' | 'strings' | 'boolean' | 'other';
  write(value: Value): Stored;
  read(stored: Stored): Value;
}

/** A text, or null. */
export function text<Value extends string | null>(): StoredForm<Value> {
  // `as`: only `registrationRow` and `changesRow` write the column.
  return { json: 'string', write: (value) => value, read: (stored) => stored as Value };
}

/** True or false, stored as 1 or 0. */
export const flag: StoredForm<boolean> = { json: 'boolean', write: Number, read: (stored) => stored === 1 };

/** A list or an object, stored as JSON text. */
export function json<Value>(kind: 'strings' | 'other'): StoredForm<Value> {
  return {
    json: kind,
    write: (value) => (value === null ? null : JSON.stringify(value)),
    read: (stored) => (typeof stored === 'string' ? JSON.parse(stored) : null),
  };
}
