import { isCountedSeparately, observeCaches } from './caches.ts';
import type { Logger } from './log.ts';

/** A denial that a rule in shadow mode would have made. */
export interface ShadowDenial {
  /** The `Type.field` that would be denied. */
  readonly coordinate: string;
  /** Coordinate of the element that carries the rule. */
  readonly rule: string;
  /** The client ID of the calling application. Null: the caller has none. */
  readonly clientId: string | null;
}

/** Counts what rules in shadow mode would deny, until it is logged. */
export interface ShadowCounter {
  /** Counts a denial. Logs nothing. */
  add(denial: ShadowDenial): void;
  /**
   * Logs a line for each coordinate and client counted since the last call, with the number since then and the total.
   */
  flush(): void;
}

interface Count {
  readonly coordinate: string;
  readonly clientId: string | null;
  readonly rules: Set<string>;
  recent: number;
  total: number;
}

/**
 * Makes a counter. The number of coordinates and clients that it counts separately is bounded
 * (`observeCaches.shadowPairs`).
 */
export function createShadowCounter(log: Logger): ShadowCounter {
  const counts = new Map<string, Count>();
  return {
    add({ coordinate, rule, clientId }) {
      const pair = isCountedSeparately(clientId) ? JSON.stringify([coordinate, clientId]) : 'others';
      const full = pair === 'others' || (!counts.has(pair) && counts.size >= observeCaches.shadowPairs.entries);
      const key = full ? 'others' : pair;
      const count = counts.get(key) ?? {
        coordinate: full ? 'others' : coordinate,
        clientId: full ? null : clientId,
        rules: new Set(),
        recent: 0,
        total: 0,
      };
      counts.set(key, count);
      if (!full) count.rules.add(rule);
      count.recent += 1;
      count.total += 1;
    },

    flush() {
      for (const count of counts.values()) {
        if (count.recent === 0) continue;
        const { coordinate, clientId, rules, recent, total } = count;
        log.warn({ coordinate, clientId, rules: [...rules], count: recent, total }, 'would be denied');
        count.recent = 0;
      }
    },
  };
}
