import type { Principal } from '../principal.ts';
import { boundedFact } from './bounds.ts';
import { type NamedDocument, withDocument } from './document.ts';
import { type AuditFact, callerKindOf, callerOf, type CountedFact } from './facts.ts';
import { writeAuditEvents } from './write.ts';
import { type AuditWriter, type AuditWriterOptions, createAuditWriter } from './writer.ts';

/** A denial by a rule, as the guard reports it. */
export interface DeniedByRule {
  /** `shadow`: the rule would have denied, and the field was returned. Default `enforce`. */
  readonly mode?: 'enforce' | 'shadow';
  /** The denied field, as `Type.field`. */
  readonly coordinate: string;
  /** The coordinate of the schema element whose rule denied. Absent if unknown. */
  readonly rule?: string;
  /** The text of the directive in the schema. */
  readonly source: string;
  /** The code of the error that the caller gets. */
  readonly code: string;
  readonly principal: Principal;
  /** The trusted document of the operation. Default: it is of none. */
  readonly document?: NamedDocument | undefined;
}

/** Records facts in three ways: at once (`AuditWriter`), as notes (written within a second), or as counts. */
export interface AuditRecorder extends AuditWriter {
  /** Counts a fact in memory. The next `flush` writes the count. Never throws. */
  count(fact: AuditFact): void;
  /**
   * Keeps a fact in memory. The next `writeNotes` writes one row for each call, in the order of the calls. Never
   * throws. If a caller can cause the fact without limit, use `count`.
   */
  note(fact: AuditFact): void;
  /** Counts a denial, or a denial that a rule in shadow mode would have made. */
  readonly denied: (event: DeniedByRule) => void;
  /** Writes the notes. A note that cannot be written is kept. */
  writeNotes(): Promise<void>;
  /**
   * Writes the notes, then the counted facts. Equal facts share one row. A note or fact that cannot be written is kept.
   */
  flush(): Promise<void>;
  /** How many rows are not written yet. */
  readonly pending: number;
}

export interface AuditRecorderOptions extends AuditWriterOptions {
  /** Called when a flush fails. If notes cannot be written, called once for each outage. */
  readonly onFault: (error: unknown) => void;
}

/**
 * How many different facts of one type and one kind of caller are counted separately between two flushes. All other
 * facts share one row for each outcome. Therefore the denials of anonymous callers do not hide which account was denied.
 */
const maxKinds = 1_000;
/** How many notes one transaction writes at most. */
const noteBatch = 256;
/** How many notes are kept while the database is unavailable. Further facts are counted instead. */
const maxNotes = 10_000;

/**
 * Creates a recorder. A repeated fact only increases a count in memory. For each type of counted fact and each kind of
 * caller, a flush writes at most 1,000 rows, and one more row for each outcome.
 */
export function createAuditRecorder({ store, now, onWritten, onFault }: AuditRecorderOptions): AuditRecorder {
  /** The counted facts by their type and kind of caller, and then by their members. */
  let counted = new Map<string, Map<string, CountedFact>>();
  let notes: CountedFact[] = [];
  let writing: Promise<void> | undefined;
  let failing = false;

  function add(given: AuditFact, count: number, at: number): void {
    const fact = boundedFact(given);
    const group = `${fact.type} ${callerKindOf(fact)}`;
    const kinds = counted.get(group) ?? new Map<string, CountedFact>();
    counted.set(group, kinds);
    let key = JSON.stringify(fact);
    let known = kinds.get(key);
    let kept = fact;
    if (!known && kinds.size >= maxKinds) {
      key = `others ${fact.outcome}`;
      known = kinds.get(key);
      kept = { ...fact, ...ofOthers };
    }
    kinds.set(
      key,
      known ? { ...known, count: known.count + count, at: Math.max(known.at, at) } : { fact: kept, count, at },
    );
  }

  /** Writes the notes in their order, one batch after another. */
  async function drain(): Promise<void> {
    while (notes.length > 0) {
      const batch = notes.slice(0, noteBatch);
      try {
        await writeAuditEvents(store, batch);
        failing = false;
      } catch (error) {
        // An outage is reported once, because this code runs every second.
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
      if (notes.length >= maxNotes) return add(fact, 1, now());
      notes.push({ fact: boundedFact(fact), count: 1, at: now() });
      if (notes.length === noteBatch) void writeNotes();
    },

    writeNotes,

    get pending() {
      return notes.length + [...counted.values()].reduce((sum, kinds) => sum + kinds.size, 0);
    },

    denied({ mode = 'enforce', coordinate, rule, source, code, principal, document }) {
      const what = mode === 'shadow' ? shadowDenial : denial;
      const detail = withDocument(`${code} ${source}`, document);
      add({ ...what, coordinate, rule: rule ?? null, ...callerOf(principal), detail }, 1, now());
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

const denial = { type: 'denial', outcome: 'denied' } as const;
/** The field was returned. Therefore the outcome is `allowed`. */
const shadowDenial = { type: 'shadow_denial', outcome: 'allowed' } as const;
const ofOthers = {
  coordinate: null,
  rule: null,
  accountId: null,
  clientId: null,
  detail: `beyond the ${maxKinds} that are counted separately`,
};
