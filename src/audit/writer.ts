import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from '../store/tables.ts';
import { type AuditFact, changeAudited, type CountedFact, writeAuditEvents } from './trail.ts';
import { bounded } from './bounds.ts';

/** Writes facts before what they tell of is acknowledged. */
export interface AuditWriter {
  /**
   * Makes a change and writes what the trail says of it, in one transaction: neither is there without the other.
   *
   * @param change makes it in the transaction that it is given, and nowhere else
   * @param factOf what to write of its answer. An empty list: it was changed, and says nothing of its own. Null: nothing was changed
   * @throws what the change threw, or why the fact could not be written; then nothing is changed
   */
  readonly changing: Changing;
  /**
   * Does something that a fact tells of. The first change that the work makes through `changing` writes the fact in its transaction.
   * Where the work changes nothing, the fact is written when the work is done.
   *
   * @throws what the work threw, or why the fact could not be written
   */
  readonly telling: Telling;
  /**
   * Writes a fact now. Facts that come while others are written share the next transaction.
   *
   * @throws if it could not be written: then what it tells of must not be acknowledged
   */
  readonly write: (fact: AuditFact) => Promise<void>;
}

export type Changing = <T>(
  change: (transaction: Store) => Promise<T>,
  factOf: (changed: T) => AuditFact | readonly AuditFact[] | null,
) => Promise<T>;

export type Telling = <T>(fact: AuditFact, work: () => Promise<T>) => Promise<T>;

export interface AuditWriterOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called when rows were written; may not throw. */
  readonly onWritten: () => void;
}

/** A fact that the first change of some work writes. */
interface Told {
  readonly fact: AuditFact;
  /** Whether a change has it in its transaction. */
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

export function createAuditWriter({ store, now, onWritten }: AuditWriterOptions): AuditWriter {
  const told = new AsyncLocalStorage<Told>();
  const waiting: Waiting[] = [];
  let isWriting = false;
  const once = (fact: AuditFact): CountedFact => ({ fact: bounded(fact), count: 1, at: now() });

  /** Writes all that waits, and what comes meanwhile, one transaction after another. Never rejects. */
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
      const also = told.getStore();
      let isMine = false;
      let count = 0;
      const factsOf = (facts: AuditFact | readonly AuditFact[] | null): readonly AuditFact[] => {
        if (also && facts !== null && !also.isTaken) also.isTaken = isMine = true;
        return [facts ?? [], facts !== null && isMine && also ? also.fact : []].flat();
      };
      try {
        const answer = await changeAudited(store, change, (changed) => {
          const facts = factsOf(factOf(changed));
          count = facts.length;
          return facts.map(once);
        });
        if (count > 0) onWritten();
        if (also && isMine) also.isTaken = count > 0;
        return answer;
      } catch (error) {
        if (also && isMine) also.isTaken = false;
        throw error;
      }
    },

    async telling(fact, work) {
      const also: Told = { fact, isTaken: false };
      const answer = await told.run(also, work);
      if (!also.isTaken) await write(fact);
      return answer;
    },
  };
}
