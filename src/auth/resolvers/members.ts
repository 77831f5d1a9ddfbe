/** A member of a resolver map. */
export interface Member {
  readonly name: string;
  readonly value: unknown;
  /** The fault, if the member is a getter that threw. */
  readonly fault?: string;
}

/**
 * Reads every member of a resolver map. Members are the map's own properties and the properties of its prototypes, such
 * as methods of a class. A getter is called one time, with the map as `this`. Properties of `Object.prototype` and
 * symbols are left out.
 */
export function membersOf(map: object): readonly Member[] {
  const names = new Set<string>();
  for (let at: unknown = map; isObject(at) && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      // `constructor` links a prototype to its class. It is not a member.
      if (name === 'constructor' && typeof value === 'function' && value.prototype === at) continue;
      names.add(name);
    }
  }
  return [...names].map((name) => readMember(map, name));
}

/**
 * Finds the resolver map in the namespace of a file. A namespace can have members that are not resolvers. Compilers add
 * `__esModule`. Node.js adds all exports of a CommonJS file as `module.exports`. Compilers also add them as `default`.
 *
 * @returns the resolver map. Any other value is returned unchanged
 */
export function exportedMap(map: unknown): unknown {
  if (!isObject(map)) return map;
  if (Object.prototype.toString.call(map) === '[object Module]' && 'module.exports' in map) {
    return exportedMap(map['module.exports']);
  }
  const isMarked = Object.hasOwn(map, '__esModule') && Reflect.get(map, '__esModule') === true;
  const exported: unknown = Object.hasOwn(map, 'default') ? Reflect.get(map, 'default') : undefined;
  if (!isMarked && !isObject(exported)) return map;
  const named = membersOf(map).filter(({ name }) => name !== '__esModule' && name !== 'default');
  const isRepeated =
    isObject(exported) && named.length > 0 && named.every(({ name, value }) => Reflect.get(exported, name) === value);
  const members = Object.fromEntries(named.map(({ name, value }) => [name, value]));
  return isObject(exported) && !isRepeated ? { ...members, default: exported } : members;
}

/**
 * Whether a member is the reverse mapping of a TypeScript enum. The compiled object of an enum maps names to numbers,
 * and numbers to names.
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

/** Returns the message of a thrown value. The value may be of any type. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Returns the fault of a value that is not a resolver map. `undefined`: the value has no fault. */
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

/** Whether `typeof` a value is `object` and the value is not null. Arrays are included. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Binds a function to the map that holds it. A method of a class needs its instance. */
export function boundTo(value: unknown, map: object): unknown {
  return typeof value === 'function' ? value.bind(map) : value;
}
