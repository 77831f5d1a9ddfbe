import type { Store } from '../store/tables.ts';
import { type AuditEvent, auditEventsAfter, latestAuditEvent } from './trail.ts';

/** Delivers the new events of the audit trail, from every process on the database. */
export interface AuditFeed {
  /**
   * Returns the events that are written from now on, in the order of writing. Each event comes once. A slow reader gets
   * events late, because the table is the buffer. It misses an event only if retention deletes the event first.
   */
  follow(): Promise<AsyncIterableIterator<AuditEvent>>;
  /** Makes the followers read at once. Call it when this process has written events. */
  readonly wake: () => void;
  /** Ends every follower. Later followers end at once. */
  close(): void;
}

export interface AuditFeedOptions {
  readonly store: Store;
  /** Runs `work` every second until the returned function is called. */
  readonly everySecond: (work: () => void) => () => void;
  /** Called once for each outage of the table, when it begins. The feed tries again each second. */
  readonly onFault: (error: unknown) => void;
}

/** How many events one query of a follower reads at most. This is also the most that a follower has in memory. */
const batchSize = 100;

/** Creates a feed. While the feed has followers, one query a second looks for new events for all followers. */
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
      // An outage is reported once, because this code runs every second.
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

/** @param onEnd called once, when the follower ends */
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
      end(); // A reader that gets an error does not call `return`.
      throw error;
    }
  }

  async function step(): Promise<IteratorResult<AuditEvent>> {
    while (!ended) {
      const event = batch.shift();
      if (event) return { done: false, value: event };
      // The promise is created before the query. Therefore an event that is written during the query wakes the follower
      // too.
      const news = Promise.withResolvers<void>();
      wake = news.resolve;
      batch = await read();
      cursor = Number(batch.at(-1)?.id ?? cursor);
      if (batch.length === 0 && !ended) await news.promise;
    }
    return { done: true, value: undefined };
  }

  // This is not an async generator. Its `return` would wait for a pending `next`, and `next` may wait for ever.
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
