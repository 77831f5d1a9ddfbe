import type { CacheBound } from '../../../protocol/cache-bound.ts';
import { createRetention, type Retained } from '../../../protocol/retention.ts';

/** Values by text, bounded in number and size. */
export interface Registry<Value> {
  /** Returns the value of a text, and marks the text as used. */
  find(text: string): Value | undefined;
  has(text: string): boolean;
  /** Stores a new value. A value of more than an eighth of the bound is not stored. */
  add(text: string, value: Value, size: number): void;
  readonly entries: number;
  readonly bytes: number;
}

/** The largest size of one value is the bound divided by this number. */
const shares = 8;

interface Entry<Value> {
  readonly value: Value;
  /** `null`: the value is being added. */
  retained: Retained | null;
}

/** Makes a registry. Any number of texts that are used once removes no text that is used again. */
export function createRegistry<Value>(bound: Pick<CacheBound, 'entries' | 'bytes'>): Registry<Value> {
  const values = new Map<string, Entry<Value>>();
  const retention = createRetention<string>(bound, (text) => values.delete(text));
  return {
    find(text) {
      const found = values.get(text);
      if (found === undefined) return undefined;
      if (found.retained !== null) retention.use(found.retained);
      return found.value;
    },
    has: (text) => values.has(text),
    add(text, value, size) {
      if (size > bound.bytes / shares || values.has(text)) return;
      // It is stored first, because it can be evicted as soon as it is added.
      const entry: Entry<Value> = { value, retained: null };
      values.set(text, entry);
      entry.retained = retention.add(size, text);
    },
    get entries() {
      return retention.entries;
    },
    get bytes() {
      return retention.bytes;
    },
  };
}
