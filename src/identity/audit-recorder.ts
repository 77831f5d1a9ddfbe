import type { Principal } from '../principal.ts';
import type { Store } from '../store/tables.ts';
import { type AuditFact, type AuditType, type CountedFact, writeAuditEvents } from './audit.ts';

/** A rule that denied, as the guard tells it. */
export interface DeniedByRule {
  /** `Type.field` as denied. */
  readonly coordinate: string;
  /** Coordinate of the element whose rule denied; absent where unknown. */
  readonly rule?: string;
  /** The directive as written. */
  readonly source: string;
  /** Code of the error. */
  readonly code: string;
  readonly principal: Principal;
}

export interface AuditRecorder {
  /** Notes a fact for the next flush. Does nothing but count, and throws nothing. */
  count(fact: AuditFact): void;
  /** Notes a denial for the next flush. */
  readonly denied: (event: DeniedByRule) => void;
  /** Writes a fact now. @throws if it could not be written: then what it tells of must not be acknowledged */
  write(fact: AuditFact): Promise<void>;
  /** Writes what was counted, one row for facts that are alike. What could not be written stays counted. */
  flush(): Promise<void>;
}

export interface AuditRecorderOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called when rows were written; may not throw. */
  readonly onWritten: () => void;
  /** Hears of a flush that failed. */
  readonly onFault: (error: unknown) => void;
}

/** How many different facts of one type are told apart between two flushes; the rest is counted in one row. */
const mostKinds = 1_000;

/**
 * Records what happens. Whoever asks for what is denied, however often, adds to a number in memory: of what is counted, a flush
 * writes at most 1,000 rows of one type, and one more for each outcome.
 */
export function createAuditRecorder({ store, now, onWritten, onFault }: AuditRecorderOptions): AuditRecorder {
  let counted = new Map<AuditType, Map<string, CountedFact>>();

  function add(given: AuditFact, count: number, at: number): void {
    const fact = bounded(given);
    const kinds = counted.get(fact.type) ?? new Map<string, CountedFact>();
    counted.set(fact.type, kinds);
    let key = JSON.stringify(fact);
    let known = kinds.get(key);
    let kept = fact;
    if (!known && kinds.size >= mostKinds) {
      key = `others ${fact.outcome}`;
      known = kinds.get(key);
      kept = { ...fact, ...ofOthers };
    }
    kinds.set(
      key,
      known ? { ...known, count: known.count + count, at: Math.max(known.at, at) } : { fact: kept, count, at },
    );
  }

  return {
    count: (fact) => add(fact, 1, now()),

    denied({ coordinate, rule, source, code, principal }) {
      const detail = `${code} ${source}`;
      add(
        { type: 'denial', outcome: 'denied', coordinate, rule: rule ?? null, ...callerOf(principal), detail },
        1,
        now(),
      );
    },

    async write(fact) {
      await writeAuditEvents(store, [{ fact: bounded(fact), count: 1, at: now() }]);
      onWritten();
    },

    async flush() {
      const facts = [...counted.values()].flatMap((kinds) => [...kinds.values()]);
      if (facts.length === 0) return;
      counted = new Map();
      try {
        await writeAuditEvents(store, facts);
      } catch (error) {
        for (const { fact, count, at } of facts) add(fact, count, at);
        onFault(error);
        return;
      }
      onWritten();
    },
  };
}

/** Whom a fact names as its caller. */
export function callerOf(principal: Principal): Pick<AuditFact, 'accountId' | 'clientId'> {
  return {
    accountId: principal.kind === 'account' ? principal.accountId : null,
    clientId: principal.kind === 'anonymous' ? null : principal.clientId,
  };
}

const ofOthers = {
  coordinate: null,
  rule: null,
  accountId: null,
  clientId: null,
  detail: `beyond the ${mostKinds} that were told apart`,
};

function bounded(fact: AuditFact): AuditFact {
  return {
    type: fact.type,
    outcome: fact.outcome,
    coordinate: clipped(fact.coordinate, 300),
    rule: clipped(fact.rule, 300),
    accountId: clipped(fact.accountId, 256),
    clientId: clipped(fact.clientId, 256),
    detail: clipped(fact.detail, 500),
  };
}

/** At most so many characters, none of them one that a log or a database could stumble over. */
function clipped(text: string | null, length: number): string | null {
  return text === null
    ? null
    : text
        .slice(0, length)
        .toWellFormed()
        .replaceAll(/\p{Cc}/gu, ' ');
}
