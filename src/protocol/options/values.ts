import type { Check, Members } from './object.ts';

/**
 * Makes the check of one value. A fault does not repeat the value, because the value may be secret.
 *
 * @param expected - describes a valid value
 * @param isValid - returns whether the value is valid. `around` is the object that contains the value
 */
export function expects(expected: string, isValid: (value: unknown, around: Members) => boolean): Check {
  return function* (value, place, around) {
    if (!isValid(value, around)) yield `${place}: expected ${expected}`;
  };
}

/** Makes the check of one value that is never secret. A fault repeats the value. */
export function expectsShown(expected: string, isValid: (value: unknown) => boolean): Check {
  return function* (value, place) {
    if (!isValid(value)) yield `${place}=${String(value)}: expected ${expected}`;
  };
}

/** Makes the check that a value is one of the given words. */
export function oneOf(...words: readonly string[]): Check {
  const expected = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return expectsShown(expected, (value) => words.some((word) => word === value));
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString);
}

/** Whether a value is a whole number from `min` to `max`. */
export function isWhole(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
