/** Makes a key from arguments. Different arguments have different keys. `null`: the arguments have no key. */
export type ArgumentKeys = (args: Readonly<Record<string, unknown>>) => string | null;

/**
 * The length of the longest text that a key contains unchanged, in characters. A key contains a number instead of a
 * longer text.
 */
const maxInlineLength = 64;

/**
 * Makes the function that finds equal arguments within one execution. Therefore a policy gets only one question about
 * equal arguments.
 *
 * Keys are short even for large arguments, because many keys are stored.
 *
 * @returns a function that returns `null` for arguments with a value that JSON cannot represent exactly, such as -0 or
 * a Date
 */
export function createArgumentKeys(): ArgumentKeys {
  const numbers = new Map<string, number>();
  const known = new WeakMap<object, string | null>();

  /** Returns a short text unchanged. Returns a number for a long text. */
  function short(text: string, kind: string): string {
    if (text.length <= maxInlineLength) return text;
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(text, number);
    }
    return `${kind}${number}`;
  }

  function keyOf(value: unknown): string | null {
    if (typeof value === 'string') {
      return value.length <= maxInlineLength ? JSON.stringify(value) : short(value, 's');
    }
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : null;
    if (typeof value !== 'object') return null;
    let key = known.get(value);
    if (key === undefined) {
      key = inspect(value);
      known.set(value, key);
    }
    return key;
  }

  function inspect(value: object): string | null {
    if ('toJSON' in value) return null;
    const prototype: unknown = Object.getPrototypeOf(value);
    const list = Array.isArray(value);
    if (!list && prototype !== null && prototype !== Object.prototype) return null;
    const parts: string[] = [];
    for (const [name, member] of list ? value.entries() : Object.entries(value)) {
      const key = keyOf(member);
      if (key === null) return null;
      parts.push(list ? key : `${JSON.stringify(name)}:${key}`);
    }
    return short(list ? `[${parts.join()}]` : `{${parts.join()}}`, 'o');
  }

  return (args) => {
    const keys: string[] = [];
    for (const [name, value] of Object.entries(args)) {
      const key = keyOf(value);
      if (key === null) return null;
      keys.push(`${name}:${key}`);
    }
    return keys.join();
  };
}
