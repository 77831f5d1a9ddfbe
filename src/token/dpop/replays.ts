import { checkOptions, optionsOf } from '../../protocol/options/check-options.ts';
import { aFunction, bound } from '../../protocol/options/kinds.ts';
import { tokenCaches } from '../cache/bounds.ts';
import type { Replays } from '../ports.ts';

/** The options of `memoryReplays`. */
export interface MemoryReplaysOptions {
  /**
   * The largest number of stored identifiers. An identifier takes about 150 bytes. Default 100,000, enough for about
   * 800 proofs per second.
   */
  readonly maxEntries?: number;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

const checkReplaysOptions = optionsOf<MemoryReplaysOptions>(
  { maxEntries: { check: bound('proofs') }, clock: { check: aFunction } },
  { capacity: 'maxEntries' },
);

/**
 * Makes a store of used proofs in the memory of this process. It is enough for a server with one process. Other
 * processes do not see the stored proofs, and a restart deletes them. In these two cases the server may accept a proof
 * twice within its window.
 *
 * If the store is full, `add` rejects a new proof until the oldest proof has expired. If the store deleted a proof
 * earlier, a sender could use the proof again.
 *
 * @throws StartError with all faults of the options
 */
export function memoryReplays(options: MemoryReplaysOptions = {}): Replays {
  checkOptions('memoryReplays', options, checkReplaysOptions);
  const { maxEntries = tokenCaches.memoryReplays.entries, clock = Date.now } = options;
  const known = new Map<string, number>();
  return {
    async add(id, expiresAt) {
      forgetExpired(known, clock());
      if (known.has(id)) return false;
      if (known.size >= maxEntries) throw new Error(`all ${maxEntries} proofs that can be remembered are still good`);
      known.set(id, expiresAt);
      return true;
    },
  };
}

/** Deletes expired proofs in the order in which they were added. It stops at the first proof that has not expired. */
function forgetExpired(known: Map<string, number>, now: number): void {
  for (const [id, expiresAt] of known) {
    if (expiresAt > now) return;
    known.delete(id);
  }
}
