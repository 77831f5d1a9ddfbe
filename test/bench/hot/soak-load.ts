import { setTimeout } from 'node:timers/promises';
import { keepAsking, type PreparedRequest, prepareRequest } from './connection.ts';
import type { Started } from './contenders.ts';
import { createLatencies } from './latencies.ts';
import { connections } from './load.ts';
import { processorUse, residentMiB } from './processor.ts';
import type { SoakWindow } from './soak-verdict.ts';
import type { BenchTokens } from './tokens.ts';
import { bodyOf, type Workload, workloads } from './workloads.ts';

/** How many connections send the mix. The others send W1. */
const mixedConnections = 8;

/** The load of a soak, which can be interrupted. */
export interface SoakLoad {
  /** Loads the server for some windows, and ends all connections. */
  run(windows: number, windowSeconds: number): Promise<readonly SoakWindow[]>;
  /** How often each kind of error happened until now. */
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * Prepares the load of a soak. Most connections send W1. The others send all workloads, 1,000 tokens, wrong tokens, and
 * documents that were never sent before.
 */
export async function prepareSoak(server: Started, tokens: BenchTokens): Promise<SoakLoad> {
  const url = new URL(server.url);
  const [w1] = workloads;
  const smallRequest = prepareRequest(url, w1 ? bodyOf(w1) : '', tokens.header(0));
  const mix = await mixOf(server, tokens);
  const feeds = Array.from({ length: connections }, (_, connection) => {
    const isMixed = connection < mixedConnections;
    return { isMixed, next: isMixed ? mix(connection) : () => smallRequest };
  });
  const errors = new Map<string, number>();
  const failed = (what: string): void => void errors.set(what, (errors.get(what) ?? 0) + 1);
  const small = createLatencies();
  return {
    errors,
    async run(windows, windowSeconds) {
      let requests = 0;
      let stopping = false;
      const asking = feeds.map(({ isMixed, next }) =>
        keepAsking(url, () => (stopping ? null : next()), {
          answered(latencyMs, isExpected) {
            requests += 1;
            if (!isMixed) small.add(latencyMs);
            if (!isExpected) failed(isMixed ? 'another status in the mix' : 'another status of W1');
          },
          broken: ({ message }) => failed(message),
        }),
      );
      const seen: SoakWindow[] = [];
      for (let window = 0; window < windows; window += 1) {
        requests = 0;
        small.clear();
        const began = performance.now();
        const before = processorUse(server.pid).ranUs;
        await setTimeout(windowSeconds * 1_000);
        const seconds = (performance.now() - began) / 1_000;
        seen.push({
          requestsPerSecond: requests / seconds,
          p50Ms: small.at(0.5),
          p99Ms: small.at(0.99),
          residentMiB: residentMiB(server.pid),
          ranShare: (processorUse(server.pid).ranUs - before) / (seconds * 1_000_000),
        });
      }
      stopping = true;
      await Promise.all(asking);
      return seen;
    },
  };
}

/** Makes the requests of the mix, after it has asked which status each has. */
async function mixOf(server: Started, tokens: BenchTokens): Promise<(connection: number) => () => PreparedRequest> {
  const url = new URL(server.url);
  const prepared: PreparedRequest[] = [];
  for (const workload of workloads.filter(({ database }) => database !== 'PostgreSQL')) {
    const header = workload.tokens === 0 ? undefined : tokens.header(0);
    const { status } = await server.ask(workload, header);
    prepared.push(prepareRequest(url, bodyOf(workload), header, status));
  }
  const [w1] = workloads;
  const body = w1 ? bodyOf(w1) : '';
  for (let index = 1; index <= 1_000; index += 1) prepared.push(prepareRequest(url, body, tokens.header(index)));
  const wrong = prepareRequest(url, body, `${tokens.header(0)}x`, 401);
  prepared.push(wrong);
  let distinct = 0;
  return (connection) => {
    let at = connection * 100;
    return () => {
      at += 1;
      if (at % 10 !== 0) return prepared[at % prepared.length] ?? wrong;
      distinct += 1;
      const unknown: Pick<Workload, 'query'> = { query: `{ version { a${distinct}: name } }` };
      return prepareRequest(url, JSON.stringify(unknown), undefined);
    };
  };
}
