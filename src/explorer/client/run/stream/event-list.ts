/** One event of a subscription. */
export interface ReceivedEvent {
  /** The number of the event, from 1. */
  readonly number: number;
  /** When it arrived, in milliseconds. */
  readonly at: number;
  /** The parsed GraphQL answer. */
  readonly result: unknown;
}

/** The events of a subscription. Only the newest ones are kept. */
export interface EventList {
  readonly events: readonly ReceivedEvent[];
  /** How many events arrived. */
  readonly received: number;
}

interface Bounds {
  readonly maxEvents: number;
  /** The largest sum of the sizes of the kept events, in characters of JSON. */
  readonly maxCharacters: number;
}

export const eventBounds: Bounds = { maxEvents: 200, maxCharacters: 4_000_000 };

export const noEvents: EventList = { events: [], received: 0 };

const sizes = new WeakMap<ReceivedEvent, number>();

/** Adds an event in front, and drops the oldest ones beyond the bounds. The newest event is always kept. */
export function addEvent(list: EventList, result: unknown, at: number, bounds: Bounds = eventBounds): EventList {
  const event: ReceivedEvent = { number: list.received + 1, at, result };
  sizes.set(event, sizeOf(result) ?? bounds.maxCharacters);
  const events: ReceivedEvent[] = [];
  let characters = 0;
  for (const each of [event, ...list.events]) {
    characters += sizes.get(each) ?? 0;
    if (events.length > 0 && (events.length >= bounds.maxEvents || characters > bounds.maxCharacters)) break;
    events.push(each);
  }
  return { events, received: list.received + 1 };
}

/** Returns the size as JSON, in characters. Null: it is nested too deeply to be measured. */
function sizeOf(result: unknown): number | null {
  try {
    return JSON.stringify(result)?.length ?? 0;
  } catch {
    return null;
  }
}
