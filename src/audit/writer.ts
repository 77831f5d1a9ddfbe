import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import type { AuditFact, CountedFact } from './facts.ts';
import { changeAudited, writeAuditEvents } from './write.ts';

/** Writes facts before the caller gets the answer to its request. */
export interface AuditWriter {
  /**
   * Makes a change and writes its facts in one transaction. Either both are stored or nothing is.
   *
   * @param change makes the change. It uses only the transaction that it gets
   * @param factOf returns the facts about the result. An empty list: something changed, and no fact is written for it.
   *   Null: nothing changed.
   * @throws what `change` threw, or the reason why a fact could not be written. Then nothing is changed.
   */
  readonly changing: Changing;
  /**
   * Does work that one fact records. The first change that the work makes through `changing` writes the fact in its
   * transaction. If the work changes nothing, the fact is written after the work.
   *
   * @throws what the work threw, or the reason why the fact could not be written
   */
  readonly recording: Recording;
  /**
   * Writes a fact now. While a transaction writes facts, all facts that arrive share the next transaction.
   *
   * @throws the reason why it could not be written. Then the caller must get an error.
   */
  readonly write: (fact: AuditFact) => Promise<void>;
}

/** The type of `AuditWriter.changing`. */
export type Changing = <T>(
  change: (transaction: Store) => Promise<T>,
  factOf: (changed: T) => AuditFact | readonly AuditFact[] | null,
) => Promise<T>;

/** The type of `AuditWriter.recording`. */
export type Recording = <T>(fact: AuditFact, work: () => Promise<T>) => Promise<T>;

export interface AuditWriterOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called after rows were written. Must not throw. */
  readonly onWritten: () => void;
}

/**
 * Returns a function that makes each change in one transaction and writes no facts. It is for a server without an audit
 * trail.
 */
export function unrecordedChanging(store: Store): Changing {
  return (change) => inTransaction(store, change);
}

/** The fact of `recording`. The first change of the work writes it. */
interface WorkFact {
  readonly fact: AuditFact;
  /** Whether a change writes the fact in its transaction. */
  isTaken: boolean;
}

/** A fact that waits for its transaction. */
interface Waiting {
  readonly fact: CountedFact;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many facts one transaction writes at most. */
const batchSize = 256;

/**
 * Creates a writer. Facts of `changing` and `recording` are written in the transactions of the changes. Facts of
 * `write` share transactions with each other.
 */
export function createAuditWriter({ store, now, onWritten }: AuditWriterOptions): AuditWriter {
  const workFacts = new AsyncLocalStorage<WorkFact>();
  const waiting: Waiting[] = [];
  let isWriting = false;
  const once = (fact: AuditFact): CountedFact => ({ fact, count: 1, at: now() });

  /** Writes the waiting facts and the facts that arrive meanwhile, one transaction after another. Never rejects. */
  async function writeWaiting(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize);
      try {
        const facts = batch.map(({ fact }) => fact);
        await writeAuditEvents(store, facts);
        onWritten();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  }

  function write(fact: AuditFact): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ fact: once(fact), resolve, reject });
    if (!isWriting) void writeWaiting();
    return promise;
  }

  return {
    write,

    async changing(change, factOf) {
      const workFact = workFacts.getStore();
      let isMine = false;
      let count = 0;
      const factsOf = (facts: AuditFact | readonly AuditFact[] | null): readonly AuditFact[] => {
        if (workFact && facts !== null && !workFact.isTaken) workFact.isTaken = isMine = true;
        return [facts ?? [], facts !== null && isMine && workFact ? workFact.fact : []].flat();
      };
      try {
        const answer = await changeAudited(store, change, (changed) => {
          const facts = factsOf(factOf(changed));
          count = facts.length;
          return facts.map(once);
        });
        if (count > 0) onWritten();
        if (workFact && isMine) workFact.isTaken = count > 0;
        return answer;
      } catch (error) {
        if (workFact && isMine) workFact.isTaken = false;
        throw error;
      }
    },

    async recording(fact, work) {
      const workFact: WorkFact = { fact, isTaken: false };
      const answer = await workFacts.run(workFact, work);
      if (!workFact.isTaken) await write(fact);
      return answer;
    },
  };
}
