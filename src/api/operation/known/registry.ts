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
/** The part of the bound that values that `find` has not returned yet always have. They also use room that is free. */
const newShare = 1 / 4;

interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
  /** Whether `find` returned the value since it was stored or last passed over. */
  wanted: boolean;
}

/**
 * Makes a registry. A new value is in the first part. When it is found, it moves to the second part. If the second part
 * is full, its oldest value moves back. A value that was found in the meantime is passed over one time (the clock
 * algorithm). The first part has the room that the second part leaves, and removes its oldest value if it is full.
 * Therefore any number of texts that are used once removes no text that is used again.
 */
export function createRegistry<Value>({ entries, bytes }: Pick<CacheBound, 'entries' | 'bytes'>): Registry<Value> {
  const fresh = new Part<Value>();
  const used = new Part<Value>();
  const maxUsed: Room = { entries: entries - Math.ceil(entries * newShare), bytes: bytes * (1 - newShare) };
  const leftByUsed = (): Room => ({ entries: entries - used.values.size, bytes: bytes - used.bytes });
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
      used.add(text, first, maxUsed, fresh);
      fresh.shrinkTo(leftByUsed());
      return first.value;
    },
    has: (text) => used.values.has(text) || fresh.values.has(text),
    add(text, value, size) {
      if (size <= bytes / shares) fresh.add(text, { value, size, wanted: false }, leftByUsed());
    },
    get entries() {
      return fresh.values.size + used.values.size;
    },
    get bytes() {
      return fresh.bytes + used.bytes;
    },
  };
}

/** How much a part may hold. */
interface Room {
  readonly entries: number;
  readonly bytes: number;
}

/** One part of a registry. */
class Part<Value> {
  readonly values = new Map<string, Entry<Value>>(); // Oldest first.
  bytes = 0;

  /** @param overflow - where the removed entries go. The caller shrinks it afterwards. Default: nowhere */
  add(text: string, entry: Entry<Value>, room: Room, overflow?: Part<Value>): void {
    if (room.entries < 1) return;
    this.shrinkTo({ entries: room.entries - 1, bytes: room.bytes - entry.size }, overflow);
    this.#put(text, entry);
  }

  remove(text: string, { size }: Entry<Value>): void {
    if (this.values.delete(text)) this.bytes -= size;
  }

  /** An entry that is passed over moves to the end, where it is no longer wanted. Therefore the loop ends. */
  shrinkTo(room: Room, overflow?: Part<Value>): void {
    for (const [text, entry] of this.values) {
      if (this.values.size <= room.entries && this.bytes <= room.bytes) return;
      this.remove(text, entry);
      const to = entry.wanted ? this : overflow;
      entry.wanted = false;
      if (to) to.#put(text, entry);
    }
  }

  #put(text: string, entry: Entry<Value>): void {
    this.values.set(text, entry);
    this.bytes += entry.size;
  }
}
