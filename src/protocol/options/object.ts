import { nearest } from '../nearest.ts';
import { isRecord } from '../record.ts';
import { kindOf, shown } from '../shown.ts';

/** An object of options whose members have not been checked yet. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Yields the faults of a value, one line for each fault. A line begins with the place of the value and says what was
 * expected.
 *
 * @param place - the place of the value, such as `keys.algorithm` or `connections[0] "login".issuer`
 * @param around - the object that contains the value
 */
export type Check = (value: unknown, place: string, around: Members) => Iterable<string>;

/** One key of an object of options. */
export interface Setting<Value = unknown> {
  readonly check: Check;
  /** The value if the key is left out. Absent: the code that uses the option decides. */
  readonly default?: Value;
  /** The key is required. */
  readonly required?: true;
  /** The value `undefined` is a fault, because it may come from an environment variable that is not set. */
  readonly defined?: true;
}

/** The keys of an object of options, in the order in which messages list them. */
export type Settings<T> = { readonly [Key in keyof T]-?: Setting<Exclude<T[Key], undefined>> };

/** The keys of an object of options in which every key has a default. */
export type SettingsWithDefaults<T> = {
  readonly [Key in keyof T]-?: Setting<Exclude<T[Key], undefined>> & { readonly default: Exclude<T[Key], undefined> };
};

/** The words for the keys of an object in messages. */
export interface Wording {
  /** The noun for a key of the object. Default `key`. */
  readonly noun?: string;
  /** The object is an entry of a list or a map. The message about an unknown key names the key after the place. */
  readonly isEntry?: true;
  /** The expected form in the message about a value that is not an object. Default `an object`. */
  readonly form?: string;
  /** A message about an unknown key names only the nearest known key. Default: it names all known keys. */
  readonly onlyNearest?: true;
  /**
   * The object has the options of a function. A key with the value `undefined` counts as absent, even if the key is
   * unknown. A message about a value that is not an object names the kind of the value.
   */
  readonly isOption?: true;
  /**
   * The present names and units of keys that were renamed, by earlier name: `{ window: 'windowSeconds, in seconds' }`.
   */
  readonly renamed?: Readonly<Record<string, string>>;
}

/**
 * Makes the check of an object from the table of its keys. The check reports unknown keys and the faults of known keys,
 * in the order of the object. It then reports missing keys. For an earlier name of a key, it reports the present name.
 *
 * @param together - checks the complete object. It is called only if no known key has a fault. Unknown keys do not
 * prevent the call
 */
export function objectOf<T>(
  settings: Settings<T>,
  wording: Wording = {},
  together?: (value: Members, place: string) => Iterable<string>,
): Check {
  return function* (value, place) {
    if (!isRecord(value)) {
      yield `${place}: expected ${wording.form ?? 'an object'}${wording.isOption ? `; found ${kindOf(value)}` : ''}`;
      return;
    }
    const known = Object.keys(settings);
    const table: Readonly<Record<string, Setting>> = settings;
    // `in` finds inherited members, such as the getters of a class.
    const others = known.filter((key) => !Object.hasOwn(value, key) && (table[key]?.required || key in value));
    let isFaulty = false;
    for (const key of [...Object.keys(value), ...others]) {
      const setting = Object.hasOwn(table, key) ? table[key] : undefined;
      if (!setting) {
        if (value[key] === undefined && wording.isOption) continue;
        yield unknownKey(key, place, known, wording);
        continue;
      }
      if (value[key] === undefined && !setting.defined && !setting.required) continue;
      for (const fault of setting.check(value[key], joined(place, key), value)) {
        isFaulty = true;
        yield fault;
      }
    }
    if (together && !isFaulty) yield* together(value, place);
  };
}

/** Yields a fault for each unknown key of an object. */
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
  { noun = 'key', isEntry, onlyNearest, renamed = {} }: Wording,
): string {
  if (Object.hasOwn(renamed, key)) {
    return isEntry ? `${place}: ${key} is now ${renamed[key]}` : `${joined(place, key)}: it is now ${renamed[key]}`;
  }
  const near = nearest(key, [...known, ...Object.keys(renamed)]);
  // If the nearest name is an earlier name, the hint is the present name. The present name is the text before the
  // comma.
  const meant = near === undefined ? undefined : (renamed[near]?.split(',')[0] ?? near);
  const all = known.join(', ');
  const expected = onlyNearest ? (meant ?? all) : `${all}${meant === undefined ? '' : `; the nearest is ${meant}`}`;
  return isEntry
    ? `${place}: there is no such ${noun} ${shown(key)}; expected ${expected}`
    : `${joined(place, shown(key))}: there is no such ${noun}; expected ${expected}`;
}

/**
 * Makes the check of an array. The place of an entry has the index and the name of the entry: `connections[0] "login"`.
 *
 * @param expected - the expected content in the message about a value that is not an array
 * @param entry - the check of each entry
 * @param nameKey - the key that holds the name of an entry. Default: an entry has no name
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

/** Makes the check of an object whose keys are free names. The place of an entry has the form `policies["name"]`. */
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
 * Copies the members that a table names, and reads each of them one time. Inherited members are copied too, such as the
 * getters of a class. Spread syntax and rest syntax would leave them out, although `objectOf` checks them. A member with
 * the value `undefined` is left out.
 *
 * @param value - the checked object
 */
export function membersOf<T extends object>(settings: Readonly<Record<string, Setting>>, value: T): T {
  const members = value as Members;
  const entries = Object.keys(settings).map((key) => [key, members[key]] as const);
  // The table names all members of the type, and only optional members can be undefined.
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined)) as T;
}

/**
 * Fills in the defaults of an object of options.
 *
 * @param value - the checked object. Absent: every key has its default
 */
export function withDefaults<T extends object>(
  settings: SettingsWithDefaults<T>,
  value: { readonly [Key in keyof T]?: T[Key] | undefined } = {},
): { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> } {
  // Spread syntax would leave out inherited members.
  const members = value as Members;
  const filled = Object.entries<Setting>(settings).map(([key, setting]) => [key, members[key] ?? setting.default]);
  // Each key of the table has either its checked value or its default.
  return Object.fromEntries(filled) as { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> };
}

/** Returns the place of a member. The place of the configuration file is empty. */
function joined(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}
