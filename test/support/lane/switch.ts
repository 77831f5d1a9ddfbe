import { AsyncLocalStorage } from 'node:async_hooks';
import { isRecord } from '../../../src/protocol/record.ts';

/**
 * The variable that chooses how the tests use the lane.
 *
 * - `off`: the servers of the tests have no lane.
 * - `twice`: the tests send each query two times. The lane answers the second one, and the test sees only this answer.
 * - Not set: the servers have the lane, and each query is sent one time.
 */
const variable = 'TEST_LANE';

/** The token of the metrics, from which the tests read how many queries the lane has answered. */
const metricsToken = 'a token for the metrics of the lane in tests';

/** Returns the variables of a server of a test. */
export function laneEnvironment(): Record<string, string> {
  const value = process.env[variable] ?? '';
  if (value === '') return {};
  if (value === 'off') return { CLAIMGATE_LANE: 'off' };
  if (value === 'twice') return { CLAIMGATE_METRICS_TOKEN: metricsToken };
  throw new Error(`${variable}=${JSON.stringify(value)}: expected off or twice, or no value`);
}

/** Makes each test file that starts later send its queries two times, if the variable says so. */
export function sendTwiceIfAsked(): void {
  if (process.env[variable] !== 'twice') return;
  const { NODE_OPTIONS = '' } = process.env;
  process.env['NODE_OPTIONS'] = `${NODE_OPTIONS} --import=${new URL('twice.ts', import.meta.url).href}`.trim();
}

/** How often each query of a test is sent. Use it if a test counts what a server does for a query. */
export const timesSent = process.env[variable] === 'twice' ? 2 : 1;

const sentOnce = new AsyncLocalStorage<true>();
let atRepetition = (): void => {};

/** Does work whose queries are sent one time, for example because a test stops the server while a query runs. */
export function sendOnce<Result>(work: () => Result): Result {
  return sentOnce.run(true, work);
}

/** Calls a function between the two requests of a query, so that a test counts only what the lane does. */
export function betweenRequests(action: () => void): void {
  atRepetition = action;
}

/** Called by `twice.ts` before it sends a query again. */
export function repeating(): void {
  atRepetition();
}

/** Prints how many requests of a server the lane has answered, if queries were sent two times. */
export async function reportLane(own: string): Promise<void> {
  if (process.env[variable] !== 'twice') return;
  const headers = { authorization: `Bearer ${metricsToken}` };
  const text = await fetch(`${own}/metrics`, { headers }).then(
    (response) => response.text(),
    () => '',
  );
  const counts = [...text.matchAll(/^claimgate_lane_requests_total\{outcome="([^"]+)"\} (\d+)$/gm)];
  process.stdout.write(`lane: ${counts.map(([, outcome, count]) => `${outcome} ${count}`).join(', ')}\n`);
}

/** Whether a request is a query that can be sent again. A proof of DPoP is used one time. */
export function isQuery(url: string, { method, body, headers }: RequestInit): boolean {
  if (sentOnce.getStore() || method !== 'POST' || !url.endsWith('/graphql') || typeof body !== 'string') return false;
  const sent = new Headers(headers);
  if (sent.has('dpop') || sent.get('accept')?.includes('text/event-stream')) return false;
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) && typeof value['query'] === 'string' && !/mutation|subscription/.test(value['query']);
  } catch {
    return false;
  }
}
