/** A position in an answer: response keys and list indices from the root. */
export type Path = readonly (string | number)[];

/** Returns a text that is equal for equal paths. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** Returns a path for people: `orders[0].customer`. The root is `data`. */
export function pathText(path: Path): string {
  if (path.length === 0) return 'data';
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a member of an object, or undefined. Inherited members are not read. */
export function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Returns the strings of a list. Any other value yields an empty list. */
export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
