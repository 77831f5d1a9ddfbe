import type { CacheBound } from './cache-bound.ts';

/** The part of the bound that values that were not used again always have. They also use room that is free. */
const newShare = 1 / 4;

/** A value of a cache. The owner of the cache stores the value itself. */
export interface Retained {
  /** The size of the value, in bytes of heap. Call `grow` to change it. */
  readonly bytes: number;
}

/** Decides which values of a cache stay. */
export interface Retention<Key> {
  /** Adds a new value. Evicts others, or the value itself if it is larger than the bound. */
  add(bytes: number, key: Key): Retained;
  /** Marks a value as used again. Does nothing for a value that was evicted. */
  use(value: Retained): void;
  /** The value now takes so many more bytes. Does nothing for a value that was evicted. */
  grow(value: Retained, bytes: number): void;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Decides which values stay in a cache with a bound. A new value is in the first part. When it is used again, it moves
 * to the second part. If the second part is full, its oldest value moves back. A value that was used in the meantime is
 * passed over one time (the clock algorithm). The first part has the room that the second part leaves, and evicts its
 * oldest value if it is full.
 *
 * Therefore any number of values that are used once evicts no value that is used again. If more values are used in turns
 * than there is room for, the second part stays, so that some of them are found each time.
 *
 * @param evict - removes a value from the owner's cache. It is called at most one time for each value
 */
export function createRetention<Key>(
  { entries, bytes }: Pick<CacheBound, 'entries' | 'bytes'>,
  evict: (key: Key) => void,
): Retention<Key> {
  const fresh = new Part<Key>();
  const used = new Part<Key>();
  const maxUsed: Room = { entries: entries - Math.ceil(entries * newShare), bytes: bytes * (1 - newShare) };

  /** Moves values from the second part to the first, and evicts values, until both have room. */
  function shrink(): void {
    used.shrinkTo(maxUsed, (place) => fresh.put(place));
    fresh.shrinkTo({ entries: entries - used.places.size, bytes: bytes - used.bytes }, (place) => {
      place.part = null;
      evict(place.key);
    });
  }

  return {
    add(size, key) {
      const place = new Place(size, key);
      fresh.put(place);
      shrink();
      return place;
    },
    use(value) {
      const place = value as Place<Key>;
      if (place.part === used) place.isWanted = true;
      else if (place.part === fresh) {
        fresh.take(place);
        used.put(place);
        shrink();
      }
    },
    grow(value, more) {
      const place = value as Place<Key>;
      place.bytes += more;
      if (place.part === null) return;
      place.part.bytes += more;
      shrink();
    },
    get entries() {
      return fresh.places.size + used.places.size;
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

class Place<Key> implements Retained {
  bytes: number;
  readonly key: Key;
  part: Part<Key> | null = null;
  /** Whether the value was used since it came to the second part, or since it was last passed over. */
  isWanted = false;

  constructor(bytes: number, key: Key) {
    this.bytes = bytes;
    this.key = key;
  }
}

/** One part of the values. */
class Part<Key> {
  readonly places = new Set<Place<Key>>(); // Oldest first.
  bytes = 0;

  put(place: Place<Key>): void {
    place.part = this;
    place.isWanted = false;
    this.places.add(place);
    this.bytes += place.bytes;
  }

  take(place: Place<Key>): void {
    if (this.places.delete(place)) this.bytes -= place.bytes;
  }

  /** A value that is passed over moves to the end, where it is no longer wanted. Therefore the loop ends. */
  shrinkTo(room: Room, out: (place: Place<Key>) => void): void {
    for (const place of this.places) {
      if (this.places.size <= room.entries && this.bytes <= room.bytes) return;
      const isPassedOver = place.isWanted;
      this.take(place);
      if (isPassedOver) this.put(place);
      else out(place);
    }
  }
}
