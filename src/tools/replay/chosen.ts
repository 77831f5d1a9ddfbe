import { oneLine } from '../report/table.ts';
import { labelOfCallers, type Traffic, type TrafficRow } from './traffic.ts';

/** Which callers a replay compares. Callers have the names that the report shows. */
export interface Choice {
  /** Only these. Empty: all. */
  readonly only: readonly string[];
  /** All except these. */
  readonly not: readonly string[];
}

/** The chosen requests. */
export interface Chosen {
  readonly traffic: Traffic;
  /** The names of all callers that were recorded. */
  readonly callers: readonly string[];
  /** The names of the choice that no recorded caller has. */
  readonly unknown: readonly string[];
}

/** Leaves out the requests of callers that are not chosen, and counts them. */
export function chosenTraffic(traffic: Traffic, choice: Choice): Chosen {
  const [only, not] = [new Set(choice.only.map(oneLine)), new Set(choice.not.map(oneLine))];
  const callers = new Set(traffic.rows.map(nameOf));
  const leftOut = new Map<string, number>();
  const rows = traffic.rows.filter((row) => {
    const name = nameOf(row);
    if (!not.has(name) && (only.size === 0 || only.has(name))) return true;
    leftOut.set(name, (leftOut.get(name) ?? 0) + row.requests);
    return false;
  });
  return {
    traffic: { ...traffic, rows, leftOut },
    callers: [...callers],
    unknown: [...only, ...not].filter((name) => !callers.has(name)),
  };
}

function nameOf({ clientId, caller }: TrafficRow): string {
  return oneLine(labelOfCallers({ clientId, hasToken: caller !== null }));
}
