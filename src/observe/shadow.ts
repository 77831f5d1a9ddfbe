import { isCountedSeparately, observeCaches } from './caches.ts';
import type { Logger } from './log.ts';

/** A denial that a rule in shadow mode would have made. */
export interface ShadowDenial {
  /** The `Type.field` that the rule would deny. */
  readonly coordinate: string;
  /** The coordinate of the schema element that has the rule. */
  readonly rule: string;
  /** The client ID of the calling application. Null: the caller has none. */
  readonly clientId: string | null;
}

/** Counts the denials that rules in shadow mode would make, until they are logged. */
export interface ShadowCounter {
  /** Counts a denial. Logs nothing. */
  add(denial: ShadowDenial): void;
  /**
   * Logs one line for each coordinate and client with a denial since the last call. The line has the count since the
   * last call and the total.
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

/** Makes a counter. It counts a bounded number of coordinates and clients separately (`observeCaches.shadowPairs`). */
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
