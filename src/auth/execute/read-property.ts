/** An error that a getter has thrown. */
export class Unreadable {
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Runs no code of the value. `instanceof` throws for a proxy that was revoked. */
  static is(value: unknown): value is Unreadable {
    return typeof value === 'object' && value !== null && #error in value;
  }
}

/** Reads a property as the default resolver does. */
export function readProperty(source: unknown, name: string): unknown {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  try {
    return (source as Record<string, unknown>)[name];
  } catch (error) {
    return new Unreadable(error);
  }
}
