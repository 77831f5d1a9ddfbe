import { messageOf } from '../../session/text.ts';
import { type Counts, createCounts } from '../data/counts.ts';
import { type AuditEvent, matches, numberOf } from '../data/event.ts';
import type { Filters } from '../data/filters.ts';
import { spanAt } from '../data/ranges.ts';
import { type Trail, TrailError } from './trail.ts';

/** What the page has read. */
export interface Reading {
  readonly counts: Counts | null;
  readonly events: readonly AuditEvent[];
  readonly hasOlder: boolean;
  /** Whether `events` are the latest ones, and new ones are added. */
  readonly isLatest: boolean;
  /** Why the last reading failed; null: it did not. */
  readonly fault: string | null;
  readonly isLoading: boolean;
}

/** Reads the counts and the events, and adds later events. */
export interface Reader {
  readonly now: () => Reading;
  /** Reads everything again. A call during a reading makes one more reading after it. */
  readonly load: (filters: Filters) => void;
  /** Reads the events that are older than the present ones, or the latest ones. */
  readonly page: (to: 'older' | 'latest') => void;
  readonly add: (event: AuditEvent) => void;
  /** Moves the range on. */
  readonly tick: () => void;
}

/** How many events the list shows at most. */
const maxEvents = 100;
/** How often the page reads again because it cannot tell whether the filters apply to new events, in milliseconds. */
const unsureMs = 15_000;
/** How many events wait for the end of a reading at most. If more arrive, the page reads again. */
const maxWaiting = 1_000;

interface ReaderOptions {
  readonly trail: Trail;
  readonly now: () => number;
  readonly onChange: () => void;
  /** Called if the API refuses the caller. */
  readonly onRefused: (message: string) => void;
}

/**
 * Makes a reader. Its memory is bounded: the counts, at most 100 events of the list, and at most 1,000 events that wait
 * for the end of a reading.
 *
 * The events of the trail have consecutive numbers. If the number of a new event shows that an event before it was
 * missed, the reader reads again.
 */
export function createReader({ trail, now, onChange, onRefused }: ReaderOptions): Reader {
  let reading: Reading = { counts: null, events: [], hasOlder: false, isLatest: true, fault: null, isLoading: false };
  let filters: Filters | undefined;
  let cursor: string | null = null;
  let waiting: AuditEvent[] | null = null;
  let again = false;
  /** Whether events were cut off the list, so that `cursor` is not that of its last event. */
  let isCut = false;
  let unsure: ReturnType<typeof setTimeout> | undefined;
  /** The number of the last event that is counted. */
  let last = 0;

  function set(changes: Partial<Reading>): void {
    reading = { ...reading, ...changes };
    onChange();
  }

  function fail(error: unknown): void {
    if (error instanceof TrailError && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(error.code)) onRefused(error.message);
    set({ fault: messageOf(error) });
  }

  async function read(): Promise<void> {
    if (!filters) return;
    const asked = filters;
    const span = spanAt(asked.range, now());
    waiting = [];
    set({ isLoading: true });
    try {
      const { activity, events } = await trail.activity(asked, span);
      last = activity.latest === null ? 0 : numberOf(activity.latest);
      cursor = events.pageInfo.endCursor;
      isCut = false;
      reading = {
        ...reading,
        counts: createCounts(activity, span),
        events: events.nodes,
        hasOlder: events.pageInfo.hasNextPage,
        isLatest: true,
        fault: null,
      };
    } catch (error) {
      fail(error);
    }
    const arrived = waiting;
    waiting = null;
    for (const event of arrived) add(event);
    set({ isLoading: false });
  }

  async function readUntilDone(): Promise<void> {
    if (waiting) {
      again = true;
      return;
    }
    do {
      again = false;
      await read();
    } while (again);
  }

  function add(event: AuditEvent): void {
    if (waiting) {
      if (waiting.length < maxWaiting) waiting.push(event);
      else again = true;
      return;
    }
    const number = numberOf(event.id);
    if (!filters || number <= last) return;
    if (number > last + 1 && reading.counts) void readUntilDone();
    last = number;
    if (!matches(event, filters)) {
      // Without a scope for accounts, events have no account. The page's own readings are administrative uses.
      const isUnsure = filters.account !== '' && event.account === undefined && event.type !== 'ADMINISTRATION';
      if (isUnsure) unsure ??= setTimeout(readUnsure, unsureMs);
      return;
    }
    reading.counts?.moveTo(now());
    reading.counts?.add(event);
    if (reading.isLatest && !reading.events.some(({ id }) => id === event.id)) {
      const events = [event, ...reading.events];
      if (events.length > maxEvents) isCut = true;
      reading = { ...reading, events: events.slice(0, maxEvents), hasOlder: reading.hasOlder || isCut };
    }
    onChange();
  }

  function readUnsure(): void {
    unsure = undefined;
    void readUntilDone();
  }

  async function readPage(asked: Filters, to: 'older' | 'latest'): Promise<void> {
    try {
      // After a flood, older events begin after the present first page.
      if (to === 'older' && isCut) cursor = (await trail.events(asked, null)).pageInfo.endCursor;
      const { nodes, pageInfo } = await trail.events(asked, to === 'older' ? cursor : null);
      if (asked !== filters) return;
      cursor = pageInfo.endCursor;
      isCut = false;
      set({ events: nodes, hasOlder: pageInfo.hasNextPage, isLatest: to === 'latest', fault: null });
    } catch (error) {
      fail(error);
    }
  }

  return {
    now: () => reading,
    load(next) {
      const isOther = filters !== undefined && filters !== next;
      filters = next;
      if (isOther && waiting) again = true;
      void readUntilDone();
    },
    page(to) {
      if (filters) void readPage(filters, to);
    },
    add,
    tick() {
      if ((reading.counts?.moveTo(now()) ?? 0) > 0) onChange();
    },
  };
}
