import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peersFolder, type Started } from './contenders.ts';
import type { BenchTokens } from './tokens.ts';
import { bodyOf, type Workload } from './workloads.ts';

/** The connections of the load. */
const connections = 32;

/** The result of one round. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly cpuMicrosecondsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

interface Request {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parts of autocannon that this file uses. */
type Autocannon = (options: {
  readonly url: string;
  readonly connections: number;
  readonly duration: number;
  readonly requests: readonly Request[];
  readonly setupClient?: (client: { setRequests(requests: readonly Request[]): void }) => void;
}) => Promise<{
  readonly requests: { readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly duration: number;
  readonly errors: number;
  readonly timeouts: number;
}>;

/** Sends a workload to a contender for a while. */
export async function load(to: Started, workload: Workload, tokens: BenchTokens, seconds: number): Promise<Round> {
  const body = bodyOf(workload);
  const request = (header?: string): Request => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(header !== undefined && { authorization: header }) },
    body,
  });
  const all = Array.from({ length: workload.tokens }, (_, index) => request(tokens.header(index)));
  const requests = all.length === 0 ? [request()] : all;
  // The module is found only after `prepare` has installed the peers.
  const autocannon = createRequire(join(peersFolder, 'package.json'))('autocannon') as Autocannon;
  let client = 0;
  const cpu = to.cpuMicroseconds();
  const result = await autocannon({
    url: to.url,
    connections,
    duration: seconds,
    requests: requests.slice(0, 1),
    // Each connection has its part of the tokens, because autocannon makes the requests of each connection in advance.
    ...(requests.length > 1 && {
      setupClient: (one) => {
        one.setRequests(requests.filter((_, index) => index % connections === client % connections));
        client += 1;
      },
    }),
  });
  const { total } = result.requests;
  return {
    requestsPerSecond: total / result.duration,
    cpuMicrosecondsPerRequest: (to.cpuMicroseconds() - cpu) / total,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts,
  };
}
