import { readRecordedCaller } from '../../auth/recorded/recorded-caller.ts';
import type { Config } from '../../config.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { openExisting } from '../../store/existing.ts';
import { type RecordedRequests, readRecordedRequests } from '../../store/recorded/read.ts';
import type { UnrecordedReason } from '../../store/tables/recorded.ts';
import { type Choice, chosenTraffic } from '../../tools/replay/chosen.ts';
import type { Traffic, TrafficCaller, TrafficRow } from '../../tools/replay/traffic.ts';
import { oneLine } from '../../tools/report/table.ts';
import { Misuse } from '../misuse.ts';

/**
 * Reads the recorded requests from the database of a configuration.
 *
 * @throws Misuse if there is no such database, or if nothing was recorded
 */
export async function recordedTraffic(config: Pick<Config, 'databaseUrl' | 'replay'>): Promise<Traffic> {
  const store = await openExisting(config.databaseUrl).catch((error: unknown) => {
    throw new Misuse(`DATABASE_URL: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    const recorded = await readRecordedRequests(store);
    if (recorded.requests.length > 0) return trafficOf(recorded);
    throw new Misuse(
      config.replay
        ? 'nothing was recorded yet: a server writes what it has recorded every 10 seconds'
        : 'nothing was recorded: set replay: true in the configuration file and CLAIMGATE_KEY, and start the server',
    );
  } finally {
    await store.destroy();
  }
}

/**
 * Leaves out the requests of callers that are not chosen.
 *
 * @param report - writes that a name of `--not-client` is of no recorded caller
 * @throws Misuse if a name of `--client` is of no recorded caller, or if no request is left. Nothing would then be denied,
 *   which would be no answer
 */
export function chosenOf(recorded: Traffic, choice: Choice, report: (text: string) => void): Traffic {
  const { traffic, callers, unknown } = chosenTraffic(recorded, choice);
  for (const name of unknown) {
    const option = choice.only.length > 0 ? '--client' : '--not-client';
    const text = `${option}: no request of ${oneLine(name)} was recorded${nearestHint(name, callers)}`;
    if (choice.only.length > 0) throw new Misuse(text);
    report(text);
  }
  if (traffic.rows.length > 0) return traffic;
  throw new Misuse('--not-client: expected that requests are left; all recorded ones are left out');
}

function trafficOf({ requests, shapes, callers, unrecorded }: RecordedRequests): Traffic {
  const readable = new Map(
    [...callers].map(([id, { keyName, facts }]): [string, TrafficCaller] => [
      id,
      { id, keyName, facts: readRecordedCaller(facts) },
    ]),
  );
  const rows = requests.flatMap(({ shapeId, callerId, clientId, count }): readonly TrafficRow[] => {
    const shape = shapes.get(shapeId);
    const caller = callerId === null ? null : readable.get(callerId);
    // A server has deleted the row meanwhile.
    if (!shape || caller === undefined) return [];
    return [{ shape: { name: shape.operationName, document: shape.document }, caller, clientId, requests: count }];
  });
  const days = requests.map(({ day }) => day);
  return {
    rows,
    days: { first: dateOf(Math.min(...days)), last: dateOf(Math.max(...days)) },
    unrecorded: new Map([...unrecorded].map(([reason, count]) => [wordsOfReason[reason], count])),
  };
}

const wordsOfReason: Readonly<Record<UnrecordedReason, string>> = {
  displaced: 'displaced by requests that were sent more often',
  'too many': 'too many different ones in 10 seconds',
  'too large': 'the operation or the client ID is too long, or the client ID has control characters',
  'not judged': 'the server could not describe them',
};

function dateOf(day: number): string {
  return new Date(day * 24 * 60 * 60_000).toISOString().slice(0, 10);
}
