import type { CacheBound } from '../../../protocol/cache-bound.ts';

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
/** The part of the bound for values that `find` has not returned yet. */
const newShare = 1 / 4;

interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
  /** Whether `find` returned the value since it was stored or last passed over. */
  wanted: boolean;
}

/**
 * Makes a registry. A new value is in the first part. When it is found for the first time, it moves to the second part.
 * A full part removes its oldest value. In the second part, a value that was found in the meantime is passed over one
 * time (the clock algorithm). Therefore any number of texts that are used once removes no text that is used again.
 */
export function createRegistry<Value>({ entries, bytes }: Pick<CacheBound, 'entries' | 'bytes'>): Registry<Value> {
  const fresh = new Part<Value>(Math.ceil(entries * newShare), bytes * newShare);
  const used = new Part<Value>(entries - Math.ceil(entries * newShare), bytes * (1 - newShare));
  return {
    find(text) {
      const found = used.values.get(text);
      if (found !== undefined) {
        found.wanted = true;
        return found.value;
      }
      const first = fresh.values.get(text);
      if (first === undefined) return undefined;
      fresh.remove(text, first);
      used.add(text, first);
      return first.value;
    },
    has: (text) => used.values.has(text) || fresh.values.has(text),
    add(text, value, size) {
      if (size <= bytes / shares) fresh.add(text, { value, size, wanted: false });
    },
    get entries() {
      return fresh.values.size + used.values.size;
    },
    get bytes() {
      return fresh.bytes + used.bytes;
    },
  };
}

/** One part of a registry. */
class Part<Value> {
  readonly values = new Map<string, Entry<Value>>(); // Oldest first.
  bytes = 0;
  readonly #maxEntries: number;
  readonly #maxBytes: number;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  add(text: string, entry: Entry<Value>): void {
    if (this.#maxEntries < 1) return;
    this.#makeRoom(entry.size);
    this.values.set(text, entry);
    this.bytes += entry.size;
  }

  remove(text: string, { size }: Entry<Value>): void {
    if (this.values.delete(text)) this.bytes -= size;
  }

  /** An entry that is passed over moves to the end, where it is no longer wanted. Therefore the loop ends. */
  #makeRoom(size: number): void {
    for (const [text, entry] of this.values) {
      if (this.values.size < this.#maxEntries && this.bytes + size <= this.#maxBytes) return;
      this.remove(text, entry);
      if (!entry.wanted) continue;
      entry.wanted = false;
      this.values.set(text, entry);
      this.bytes += entry.size;
    }
  }
}
