import { kindOf } from '../shown.ts';
import type { Check } from './object.ts';
import { isBoolean, isString, isStrings } from './values.ts';

/**
 * Makes the check of one value. A fault names the kind of the value. It does not repeat the value, because the value
 * may be secret.
 *
 * @param expected - describes a valid value
 */
export function expectsKind(expected: string, isValid: (value: unknown) => boolean): Check {
  return function* (value, place) {
    if (!isValid(value)) yield `${place}: expected ${expected}; found ${kindOf(value)}`;
  };
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export const aFunction: Check = expectsKind('a function', isFunction);
export const aString: Check = expectsKind('a string', isString);
export const strings: Check = expectsKind('an array of strings', isStrings);
export const aBoolean: Check = expectsKind('true or false', isBoolean);

/**
 * Makes the check that a value has members with these names and that they are functions.
 *
 * @param what - describes a valid value, such as `the result of createVerifier`
 */
export function withFunctions(what: string, ...names: readonly string[]): Check {
  const list = [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
  return expectsKind(
    `${what}, with the ${names.length === 1 ? 'function' : 'functions'} ${list}`,
    (value) =>
      typeof value === 'object' && value !== null && names.every((name) => isFunction(Reflect.get(value, name))),
  );
}

/** The range of a number. */
interface Range {
  /** Default: 0. */
  readonly from?: number;
  /** The value must be larger than this. Default: no such bound. */
  readonly above?: number;
  /** Default: no largest value. */
  readonly to?: number;
}

/** The longest time limit, in seconds. A larger number is probably in milliseconds. */
const maxTimeLimitSeconds = 3_600;

/** Makes the check of a number of seconds. Fractions are valid. */
export function seconds(range: Range = {}): Check {
  return numberOf('a number of seconds', range);
}

/** The check of a time limit in seconds. Fractions are valid. */
export const timeLimitSeconds: Check = seconds({ above: 0, to: maxTimeLimitSeconds });

/** Makes the check of a bound, such as a number of bytes. */
export function bound(what: string, range: Range = {}): Check {
  return numberOf(`a number of ${what}`, range);
}

function numberOf(what: string, { from = 0, above, to = Number.POSITIVE_INFINITY }: Range): Check {
  const smallest = above === undefined ? `from ${from}` : `above ${above}`;
  const expected = `${what} ${smallest}${to === Number.POSITIVE_INFINITY ? '' : ` to ${to}`}`;
  return function* (value, place) {
    const isNumber = typeof value === 'number';
    if (isNumber && (above === undefined ? value >= from : value > above) && value <= to) return;
    yield `${place}: expected ${expected}; found ${isNumber ? value : kindOf(value)}`;
  };
}
