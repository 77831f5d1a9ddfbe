import { anonymousId, type Caller, type Callers } from '../session/caller.ts';

/** The largest number of callers that are compared. */
export const maxCompared = 3;

/** Which callers the next operation runs as. */
export interface Choice {
  /** `one`: as the active caller. `compare`: as each of `compared`, side by side. */
  readonly mode: 'one' | 'compare';
  /** The ID of the active caller. */
  readonly active: string;
  /** The IDs of the compared callers, in the order in which they were added. At most three. */
  readonly compared: readonly string[];
  /** The callers that the next operation runs as: one, or those that are compared. */
  readonly runsAs: readonly Caller[];
}

/** The store of the choice. A removed caller is taken out of the choice. */
export interface Selection {
  /** Returns the choice. The same object is returned until something changes. */
  readonly get: () => Choice;
  /** Calls a listener after each change. Returns a function that ends this. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Makes a caller the active one, and leaves the comparison. */
  readonly runAs: (id: string) => void;
  /** Begins or ends the comparison. It begins with the active caller and the caller without a token. */
  readonly compare: (isOn: boolean) => void;
  /** Adds a caller to the comparison or takes it out. A fourth caller is not added. */
  readonly toggle: (id: string) => void;
}

/** Makes the store. At first, operations run as the caller without a token. */
export function createSelection(callers: Pick<Callers, 'list' | 'subscribe'>): Selection {
  const listeners = new Set<() => void>();
  let mode: Choice['mode'] = 'one';
  let active = anonymousId;
  let compared: readonly string[] = [];
  let choice = choose();

  function choose(): Choice {
    const list = callers.list();
    const known = (id: string) => list.some((caller) => caller.id === id);
    if (!known(active)) active = list.at(-1)?.id ?? anonymousId;
    compared = compared.filter(known);
    const ids = mode === 'one' || compared.length === 0 ? [active] : compared;
    const runsAs = ids.flatMap((id) => list.find((caller) => caller.id === id) ?? []);
    return { mode, active, compared, runsAs };
  }

  function update(): void {
    choice = choose();
    for (const listener of listeners) listener();
  }

  callers.subscribe(update);

  return {
    get: () => choice,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    runAs(id) {
      active = id;
      mode = 'one';
      update();
    },
    compare(isOn) {
      mode = isOn ? 'compare' : 'one';
      if (isOn && compared.length === 0) compared = [...new Set([active, anonymousId])];
      update();
    },
    toggle(id) {
      if (compared.includes(id)) compared = compared.filter((other) => other !== id);
      else if (compared.length < maxCompared) compared = [...compared, id];
      update();
    },
  };
}
