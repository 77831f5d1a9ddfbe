import { tokenCaches } from '../cache/bounds.ts';
import type { Replays } from '../ports.ts';

/** The bounds of a memory. */
export interface MemoryReplaysOptions {
  /** How many identifiers are remembered at most, of about 150 bytes each. Default 100,000: some 800 proofs a second. */
  readonly capacity?: number;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Remembers in this process which proofs were used: enough where it is the only one. Another process knows nothing of it,
 * and neither does this one after a restart, so a proof may then be good twice within its window.
 *
 * What is full takes no more: `add` rejects until something has run out, since forgetting a proof would let it in again.
 */
export function memoryReplays({
  capacity = tokenCaches.memoryReplays.entries,
  clock = Date.now,
}: MemoryReplaysOptions = {}): Replays {
  const known = new Map<string, number>();
  return {
    async add(id, expiresAt) {
      forgetExpired(known, clock());
      if (known.has(id)) return false;
      if (known.size >= capacity) throw new Error(`all ${capacity} proofs that can be remembered are still good`);
      known.set(id, expiresAt);
      return true;
    },
  };
}

/** Oldest first, up to one that is still good: those behind it were added later, and wait a moment longer at worst. */
function forgetExpired(known: Map<string, number>, now: number): void {
  for (const [id, expiresAt] of known) {
    if (expiresAt > now) return;
    known.delete(id);
  }
}
