import type { Store } from '../store/tables.ts';
import { type AuditEvent, auditEventsAfter, latestAuditEvent } from './trail.ts';

/** The audit trail as it grows, whichever process of this database writes it. */
export interface AuditFeed {
  /**
   * Every event that is written from now on, each once, in the order of writing. Whoever reads slowly reads late: the table
   * is the buffer, and nothing is passed over that is still in it.
   */
  follow(): Promise<AsyncIterableIterator<AuditEvent>>;
  /** Says that this process wrote something. */
  readonly wake: () => void;
  /** Ends every follower, and those that come later at once. */
  close(): void;
}

export interface AuditFeedOptions {
  readonly store: Store;
  /** Does something every second until the function that it returns is called. */
  readonly everySecond: (work: () => void) => () => void;
  /** Hears of an outage of the table when it begins. It is looked at again a second later. */
  readonly onFault: (error: unknown) => void;
}

/** How many events a follower reads at once, and so has in memory at most. */
const batchSize = 100;

/** Follows the audit trail: one look at the table a second for all followers together, and none where there are none. */
export function createAuditFeed({ store, everySecond, onFault }: AuditFeedOptions): AuditFeed {
  const followers = new Set<Follower>();
  let seen = 0;
  let failing = false;
  let stop: (() => void) | undefined;
  let closed = false;

  function wake(): void {
    for (const follower of followers) follower.wake();
  }

  async function look(): Promise<void> {
    try {
      const latest = await latestAuditEvent(store);
      failing = false;
      if (latest <= seen) return;
      seen = latest;
      wake();
    } catch (error) {
      // Once for each outage: it may be long, and this happens every second.
      if (!failing) onFault(error);
      failing = true;
    }
  }

  return {
    wake,

    async follow() {
      const latest = await latestAuditEvent(store);
      const follower = createFollower(store, latest, () => {
        followers.delete(follower);
        if (followers.size > 0) return;
        stop?.();
        stop = undefined;
      });
      followers.add(follower);
      stop ??= everySecond(() => void look());
      if (closed) follower.end();
      return follower.events;
    },

    close() {
      closed = true;
      for (const follower of followers) follower.end();
    },
  };
}

interface Follower {
  readonly events: AsyncIterableIterator<AuditEvent>;
  readonly wake: () => void;
  readonly end: () => void;
}

/** @param onEnd called once */
function createFollower(store: Store, after: number, onEnd: () => void): Follower {
  let cursor = after;
  let ended = false;
  let batch: AuditEvent[] = [];
  let wake = (): void => {};
  let turn: Promise<IteratorResult<AuditEvent>> | undefined;

  function end(): void {
    if (ended) return;
    ended = true;
    onEnd();
    wake();
  }

  async function read(): Promise<AuditEvent[]> {
    try {
      return await auditEventsAfter(store, cursor, batchSize);
    } catch (error) {
      end(); // Who is told of a fault does not say that it leaves.
      throw error;
    }
  }

  async function step(): Promise<IteratorResult<AuditEvent>> {
    while (!ended) {
      const event = batch.shift();
      if (event) return { done: false, value: event };
      // Before the table is read: what is written while it is read wakes, too.
      const news = Promise.withResolvers<void>();
      wake = news.resolve;
      batch = await read();
      cursor = Number(batch.at(-1)?.id ?? cursor);
      if (batch.length === 0 && !ended) await news.promise;
    }
    return { done: true, value: undefined };
  }

  // An async generator would not do: its `return` waits until the event comes that nobody waits for any more.
  const events: AsyncIterableIterator<AuditEvent> = {
    next() {
      turn = turn ? turn.then(step, step) : step();
      return turn;
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => events,
  };
  return { events, wake: () => wake(), end };
}
