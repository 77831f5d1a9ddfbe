import type { Check, Members } from './object.ts';

/**
 * Makes the check of one value. A fault does not repeat the value, which may be secret.
 *
 * @param expected - what a valid value is
 * @param isValid - decides; `around` is the object that the value is a member of
 */
export function expects(expected: string, isValid: (value: unknown, around: Members) => boolean): Check {
  return function* (value, place, around) {
    if (!isValid(value, around)) yield `${place}: expected ${expected}`;
  };
}

/** Makes the same check for a value that is never secret: a fault repeats the value. */
export function expectsShown(expected: string, isValid: (value: unknown) => boolean): Check {
  return function* (value, place) {
    if (!isValid(value)) yield `${place}=${String(value)}: expected ${expected}`;
  };
}

/** Makes the check of a value that is one of a few words. */
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

/** Whether a value is a whole number between two bounds. Both are inside. */
export function isWhole(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
