import type { Principal } from '../principal.ts';
import { type AuditFact, type AuditType, type CountedFact, writeAuditEvents } from './trail.ts';
import { bounded } from './bounds.ts';
import { type AuditWriter, type AuditWriterOptions, createAuditWriter } from './writer.ts';

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

export interface AuditRecorder extends AuditWriter {
  /** Notes a fact for the next flush. Does nothing but count, and throws nothing. */
  count(fact: AuditFact): void;
  /**
   * Notes a fact that has a row of its own, in its order, for `writeNotes`. Does nothing but keep it, and throws nothing. Of what
   * callers can bring about as often as they like, `count` is the measure.
   */
  note(fact: AuditFact): void;
  /** Notes a denial for the next flush. */
  readonly denied: (event: DeniedByRule) => void;
  /** Writes what was noted. What could not be written stays noted. */
  writeNotes(): Promise<void>;
  /** Writes what was noted, and what was counted, one row for facts that are alike. What could not be written stays counted. */
  flush(): Promise<void>;
  /** How many rows are not written yet. */
  readonly pending: number;
}

export interface AuditRecorderOptions extends AuditWriterOptions {
  /** Hears of a flush that failed. */
  readonly onFault: (error: unknown) => void;
}

/** How many different facts of one type are told apart between two flushes; the rest is counted in one row. */
const mostKinds = 1_000;
/** How many notes are written at once; and how many are kept while the database is away: beyond that they are counted. */
const noteBatch = 256;
const mostNotes = 10_000;

/**
 * Records what happens. Whoever asks for what is denied, however often, adds to a number in memory: of what is counted, a flush
 * writes at most 1,000 rows of one type, and one more for each outcome.
 */
export function createAuditRecorder({ store, now, onWritten, onFault }: AuditRecorderOptions): AuditRecorder {
  let counted = new Map<AuditType, Map<string, CountedFact>>();
  let notes: CountedFact[] = [];
  let writing: Promise<void> | undefined;
  let failing = false;

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

  /** One batch after another, and one at a time, so that their order stays. */
  async function drain(): Promise<void> {
    while (notes.length > 0) {
      const batch = notes.slice(0, noteBatch);
      try {
        await writeAuditEvents(store, batch);
        failing = false;
      } catch (error) {
        // Once for each outage: this is tried every second.
        if (!failing) onFault(error);
        failing = true;
        return;
      }
      notes = notes.slice(batch.length);
      onWritten();
    }
  }

  function writeNotes(): Promise<void> {
    writing ??= drain().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  return {
    ...createAuditWriter({ store, now, onWritten }),

    count: (fact) => add(fact, 1, now()),

    note(fact) {
      if (notes.length >= mostNotes) return add(fact, 1, now());
      notes.push({ fact: bounded(fact), count: 1, at: now() });
      if (notes.length === noteBatch) void writeNotes();
    },

    writeNotes,

    get pending() {
      return notes.length + [...counted.values()].reduce((sum, kinds) => sum + kinds.size, 0);
    },

    denied({ coordinate, rule, source, code, principal }) {
      const detail = `${code} ${source}`;
      add(
        { type: 'denial', outcome: 'denied', coordinate, rule: rule ?? null, ...callerOf(principal), detail },
        1,
        now(),
      );
    },

    async flush() {
      await writeNotes();
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
