import { nearest, nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';
import { shown } from '../../protocol/shown.ts';

/** An object of the configuration file whose members have not been checked yet. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Yields what is wrong with a value, one fault a line. Each begins with the place of the value and says what was expected.
 *
 * @param place - where the value stands, such as `keys.algorithm` or `connections[0] "login".issuer`
 * @param around - the object that the value is a member of
 */
export type Check = (value: unknown, place: string, around: Members) => Iterable<string>;

/** One key of a configuration object. */
export interface Setting<Value = unknown> {
  readonly check: Check;
  /** The value where the key is left out. Absent: the reader of the setting decides. */
  readonly default?: Value;
  /** The key must be there. */
  readonly required?: true;
  /**
   * A key that is there must have a value: `undefined`, as from an environment variable that is not set, is a fault.
   */
  readonly defined?: true;
}

/** The keys of a configuration object, in the order in which messages list them. */
export type Settings<T> = { readonly [Key in keyof T]-?: Setting<Exclude<T[Key], undefined>> };

/** The same, where every key has a default. */
export type SettingsWithDefaults<T> = {
  readonly [Key in keyof T]-?: Setting<Exclude<T[Key], undefined>> & { readonly default: Exclude<T[Key], undefined> };
};

/** How messages name the keys of an object. */
export interface Wording {
  /** What a key of it is called. Default `key`. */
  readonly noun?: string;
  /**
   * The object has no name of its own, as an entry of a list: an unknown key stands in the message and not in the
   * place.
   */
  readonly isEntry?: true;
  /** What the object is, for the message about any other value. Default `an object`. */
  readonly form?: string;
  /** A message about an unknown key names the nearest key in the place of all of them. */
  readonly onlyNearest?: true;
}

/**
 * Makes the check of an object by the table of its keys. It reports unknown keys with the nearest name, keys that are missing,
 * and what the check of each key reports, in the order in which the keys stand in the object.
 *
 * @param together - checks members that are valid each: it is called only where no member has a fault
 */
export function objectOf<T>(
  settings: Settings<T>,
  wording: Wording = {},
  together?: (value: Members) => Iterable<string>,
): Check {
  return function* (value, place) {
    if (!isRecord(value)) {
      yield `${place}: expected ${wording.form ?? 'an object'}`;
      return;
    }
    const known = Object.keys(settings);
    const table: Readonly<Record<string, Setting>> = settings;
    const missing = known.filter((key) => table[key]?.required && !Object.hasOwn(value, key));
    let isFaulty = false;
    for (const key of [...Object.keys(value), ...missing]) {
      const setting = Object.hasOwn(table, key) ? table[key] : undefined;
      if (!setting) {
        yield unknownKey(key, place, known, wording);
        continue;
      }
      if (value[key] === undefined && !setting.defined && !setting.required) continue;
      for (const fault of setting.check(value[key], joined(place, key), value)) {
        isFaulty = true;
        yield fault;
      }
    }
    if (together && !isFaulty) yield* together(value);
  };
}

/** Yields the keys of an object that are not known. */
export function* unknownKeys(
  value: Members,
  place: string,
  known: readonly string[],
  wording: Wording = {},
): Iterable<string> {
  for (const key of Object.keys(value)) if (!known.includes(key)) yield unknownKey(key, place, known, wording);
}

function unknownKey(
  key: string,
  place: string,
  known: readonly string[],
  { noun = 'key', isEntry, onlyNearest }: Wording,
): string {
  const expected = onlyNearest
    ? (nearest(key, known) ?? known.join(', '))
    : `${known.join(', ')}${nearestHint(key, known)}`;
  return isEntry
    ? `${place}: there is no such ${noun} ${shown(key)}; expected ${expected}`
    : `${joined(place, shown(key))}: there is no such ${noun}; expected ${expected}`;
}

/**
 * Makes the check of an array. The place of an entry has its index and, where the entry has one, its name:
 * `connections[0] "login"`.
 *
 * @param expected - what the array holds, for the message about any other value
 * @param entry - the check of each entry
 * @param nameKey - the key of an entry that holds its name. Default: none
 */
export function listOf(expected: string, entry: Check, nameKey?: string): Check {
  return function* (value, place, around) {
    if (!Array.isArray(value)) {
      yield `${place}: expected ${expected}`;
      return;
    }
    for (const [index, item] of value.entries()) {
      const name: unknown = nameKey !== undefined && isRecord(item) ? item[nameKey] : undefined;
      yield* entry(item, `${place}[${index}]${typeof name === 'string' ? ` "${shown(name)}"` : ''}`, around);
    }
  };
}

/**
 * Makes the check of an object whose keys are names that the team gives. The place of an entry is as in
 * `policies["name"]`.
 */
export function mapOf(expected: string, entry: Check): Check {
  return function* (value, place, around) {
    if (!isRecord(value)) {
      yield `${place}: expected ${expected}`;
      return;
    }
    for (const [name, item] of Object.entries(value)) yield* entry(item, `${place}["${shown(name)}"]`, around);
  };
}

/**
 * Fills in the defaults of a configuration object.
 *
 * @param value - the object, checked; absent: every key has its default
 */
export function withDefaults<T extends object>(
  settings: SettingsWithDefaults<T>,
  value: { readonly [Key in keyof T]?: T[Key] | undefined } = {},
): { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> } {
  const members: Members = { ...value };
  const filled = Object.entries<Setting>(settings).map(([key, setting]) => [key, members[key] ?? setting.default]);
  // Each key of the table has either its checked value or its default.
  return Object.fromEntries(filled) as { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> };
}

/** The place of a member. The configuration file itself has no place. */
function joined(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}
