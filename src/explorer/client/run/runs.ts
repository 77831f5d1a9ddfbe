import type { Answer, Operation } from './answers/answer.ts';
import { addEvent, type EventList, noEvents } from './stream/event-list.ts';
import type { SendAs } from './send/request.ts';
import type { SubscriptionState } from './stream/subscription.ts';

/** A caller of a run, and its answer. */
export interface Column {
  readonly callerId: string;
  readonly label: string;
  /** Null while the operation runs. */
  readonly answer: Answer | null;
}

/** A subscription of a run. */
export interface Stream {
  readonly callerId: string;
  readonly label: string;
  readonly state: SubscriptionState;
  readonly list: EventList;
  /** The events that are shown. While the list is paused, it stands still. */
  readonly shown: EventList;
  readonly isPaused: boolean;
  /** How many times a new token was sent over the open connection. */
  readonly renewals: number;
}

/** One run of an operation. */
export interface Run {
  readonly number: number;
  readonly operation: Operation;
  readonly columns: readonly Column[];
  /** Null for queries and mutations. */
  readonly stream: Stream | null;
}

/** A mutation that waits for the person to confirm that several callers run it. */
export interface Question {
  readonly labels: readonly string[];
  /** Whether the page cannot tell what the operation is. */
  readonly isUnread: boolean;
  readonly answer: (isConfirmed: boolean) => void;
}

export interface RunState {
  /** The runs by the ID of the tab. */
  readonly byTab: ReadonlyMap<string, Run>;
  readonly question: Question | null;
}

export interface RunsOptions {
  /** Returns the callers that the next operation runs as. */
  readonly runsAs: () => readonly { readonly id: string; readonly label: string }[];
  readonly send: SendAs;
  readonly now: () => number;
  /** Starts a subscription as one caller. Returns the function that ends it. */
  readonly stream: (
    operation: Operation,
    callerId: string,
    listener: {
      readonly onState: (state: SubscriptionState) => void;
      readonly onEvent: (result: unknown) => void;
      readonly onRenewal: () => void;
    },
  ) => () => void;
}

export type Runs = ReturnType<typeof createRuns>;

/** The largest number of tabs whose last run is kept. The oldest run is dropped first. */
const maxRuns = 10;

/** Makes the store of the runs of the page. */
export function createRuns({ runsAs, send, stream, now }: RunsOptions) {
  const listeners = new Set<() => void>();
  let tab = '';
  let count = 0;
  let state: RunState = { byTab: new Map(), question: null };

  function change(changes: Partial<RunState>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  function put(tabId: string, run: Run): void {
    const byTab = new Map(state.byTab);
    byTab.delete(tabId);
    byTab.set(tabId, run);
    for (const oldest of byTab.keys()) {
      if (byTab.size <= maxRuns) break;
      byTab.delete(oldest);
    }
    change({ byTab });
  }

  /** Changes a run, unless a later run of the tab has replaced it. */
  function update(tabId: string, number: number, changed: (run: Run) => Run): void {
    const run = state.byTab.get(tabId);
    if (run?.number === number) change({ byTab: new Map(state.byTab).set(tabId, changed(run)) });
  }

  function confirm(labels: readonly string[], isUnread: boolean, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const answer = (isConfirmed: boolean) => {
        change({ question: null });
        resolve(isConfirmed);
      };
      signal.addEventListener('abort', () => answer(false), { once: true });
      change({ question: { labels, isUnread, answer } });
    });
  }

  async function runAll(operation: Operation, signal: AbortSignal): Promise<void> {
    const tabId = tab;
    const columns = runsAs().map(({ id, label }) => ({ callerId: id, label }));
    if (operation.kind === 'mutation' && columns.length > 1) {
      if (
        !(await confirm(
          columns.map(({ label }) => label),
          operation.isUnread === true,
          signal,
        ))
      )
        return;
    }
    count += 1;
    const number = count;
    put(tabId, { number, operation, columns: columns.map((column) => ({ ...column, answer: null })), stream: null });
    await Promise.all(
      columns.map(async ({ callerId }, index) => {
        const answer = await send(operation, callerId, signal);
        update(tabId, number, (run) => ({
          ...run,
          columns: run.columns.map((column, each) => (each === index ? { ...column, answer } : column)),
        }));
      }),
    );
  }

  function runStream(operation: Operation, onEnd: () => void): () => void {
    const tabId = tab;
    const [caller] = runsAs();
    if (!caller) {
      onEnd();
      return () => {};
    }
    count += 1;
    const number = count;
    const started: Stream = {
      callerId: caller.id,
      label: caller.label,
      state: { kind: 'connecting', reason: null },
      list: noEvents,
      shown: noEvents,
      isPaused: false,
      renewals: 0,
    };
    put(tabId, { number, operation, columns: [], stream: started });
    const set = (changed: (stream: Stream) => Stream) =>
      update(tabId, number, (run) => (run.stream ? { ...run, stream: changed(run.stream) } : run));
    return stream(operation, caller.id, {
      onState: (changed) => {
        set((each) => ({ ...each, state: changed }));
        if (changed.kind === 'ended') onEnd();
      },
      onEvent: (result) =>
        set((each) => {
          const list = addEvent(each.list, result, now());
          return { ...each, list, shown: each.isPaused ? each.shown : list };
        }),
      onRenewal: () => set((each) => ({ ...each, renewals: each.renewals + 1 })),
    });
  }

  return {
    /** Returns the same object until something changes. */
    state: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** The tab of the next run. */
    setTab(id: string): void {
      tab = id;
    },
    /** Holds the list of events, or shows all events again. */
    pause(tabId: string, isPaused: boolean): void {
      const run = state.byTab.get(tabId);
      if (!run) return;
      update(tabId, run.number, (each) =>
        each.stream ? { ...each, stream: { ...each.stream, isPaused, shown: each.stream.list } } : each,
      );
    },
    runAll,
    runStream,
  };
}
