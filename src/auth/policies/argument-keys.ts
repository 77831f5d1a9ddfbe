/** Names arguments, with equal names for equal arguments only. */
export type ArgumentNames = (args: Readonly<Record<string, unknown>>) => string | null;

/** How long a text may be to stand in a name itself. */
const longestText = 64;

/**
 * Makes a function that names the arguments of one execution. A name is short, however large the arguments are: it is kept for
 * each object that has a field. What a variable holds is the same value in every argument that it is given to, so it is looked
 * into once.
 *
 * @returns a function that gives `null` for arguments that hold what JSON cannot tell apart
 */
export function createArgumentNames(): ArgumentNames {
  const numbers = new Map<string, number>();
  const known = new WeakMap<object, string | null>();

  /** A text stands for itself where it is short, and otherwise for the number that it gets when it comes first. */
  function short(text: string, kind: string): string {
    if (text.length <= longestText) return text;
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(text, number);
    }
    return `${kind}${number}`;
  }

  function nameOf(value: unknown): string | null {
    if (typeof value === 'string') {
      return value.length <= longestText ? JSON.stringify(value) : short(value, 's');
    }
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : null;
    if (typeof value !== 'object') return null;
    let name = known.get(value);
    if (name === undefined) {
      name = lookInto(value);
      known.set(value, name);
    }
    return name;
  }

  function lookInto(value: object): string | null {
    if ('toJSON' in value) return null;
    const prototype: unknown = Object.getPrototypeOf(value);
    const list = Array.isArray(value);
    if (!list && prototype !== null && prototype !== Object.prototype) return null;
    const parts: string[] = [];
    for (const [key, member] of list ? value.entries() : Object.entries(value)) {
      const name = nameOf(member);
      if (name === null) return null;
      parts.push(list ? name : `${JSON.stringify(key)}:${name}`);
    }
    return short(list ? `[${parts.join()}]` : `{${parts.join()}}`, 'o');
  }

  return (args) => {
    const names: string[] = [];
    for (const [key, value] of Object.entries(args)) {
      const name = nameOf(value);
      if (name === null) return null;
      names.push(`${key}:${name}`);
    }
    return names.join();
  };
}
