/** A member of a resolver map: what it holds, or that reading it threw. */
export interface Member {
  readonly name: string;
  readonly value: unknown;
  /** What a getter threw. */
  readonly fault?: string;
}

/**
 * Reads every member of a resolver map: its own properties and those of its prototypes, as methods and getters of a class
 * are. A getter is called once, on the map itself. `Object.prototype` belongs to no map, and symbols name no field.
 */
export function membersOf(map: object): readonly Member[] {
  const names = new Set<string>();
  for (let at: unknown = map; isObject(at) && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      // The class that a prototype belongs to.
      if (name === 'constructor' && typeof value === 'function' && value.prototype === at) continue;
      names.add(name);
    }
  }
  return [...names].map((name) => readMember(map, name));
}

/**
 * The resolver map in what a file exports, whose namespace has members that are none. `__esModule` is a mark of compilers; Node.js puts
 * the whole of a CommonJS file under the name `module.exports`, and compilers under `default`.
 */
export function exportedMap(map: unknown): unknown {
  if (!isObject(map)) return map;
  if (Object.prototype.toString.call(map) === '[object Module]' && 'module.exports' in map) {
    return exportedMap(map['module.exports']);
  }
  const isMarked = Object.hasOwn(map, '__esModule') && Reflect.get(map, '__esModule') === true;
  const whole: unknown = Object.hasOwn(map, 'default') ? Reflect.get(map, 'default') : undefined;
  if (!isMarked && !isObject(whole)) return map;
  const named = membersOf(map).filter(({ name }) => name !== '__esModule' && name !== 'default');
  const isRepeated =
    isObject(whole) && named.length > 0 && named.every(({ name, value }) => Reflect.get(whole, name) === value);
  const members = Object.fromEntries(named.map(({ name, value }) => [name, value]));
  return isObject(whole) && !isRepeated ? { ...members, default: whole } : members;
}

/**
 * Whether a member of the object that stands for an enum in compiled TypeScript is the name of one of its numbers: such an object has
 * the numbers by name, and the names by number.
 */
export function isReverse({ name, value }: Member, map: object): boolean {
  if (typeof value !== 'string' || !/^-?\d/.test(name)) return false;
  const number: unknown = Reflect.get(map, value);
  return typeof number === 'number' && String(number) === name;
}

function readMember(map: object, name: string): Member {
  try {
    return { name, value: Reflect.get(map, name) };
  } catch (error) {
    const fault = `is a getter that throws; expected a resolver. It threw: ${messageOf(error)}`;
    return { name, value: undefined, fault };
  }
}

/** The message of what was thrown, which can be anything. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What is no map of members, in words; undefined where it is one. */
export function shapeFault(value: unknown): string | undefined {
  if (typeof value === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    return isClass
      ? `is the class ${value.name || 'without a name'}; give an instance of it: new ${value.name || 'Class'}()`
      : 'is a function; expected an object of resolvers (call the function, and give what it returns)';
  }
  if (value === null || typeof value !== 'object') {
    return `is ${value === null ? 'null' : `of type ${typeof value}`}; expected an object of resolvers`;
  }
  if (Array.isArray(value)) return 'is an array; expected an object of resolvers';
  if (value instanceof Map) return 'is a Map; expected an object of resolvers: Object.fromEntries(map)';
  if (value instanceof Promise) return 'is a promise; await it, and give what it resolves to';
  return undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A function of a map, called on that map: a method of a class finds its fields and `#private` members. */
export function bound(value: unknown, map: object): unknown {
  return typeof value === 'function' ? value.bind(map) : value;
}
