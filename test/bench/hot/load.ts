import type { Started } from './contenders.ts';
import { keepAsking, prepareRequest, type PreparedRequest } from './connection.ts';
import { createLatencies } from './latencies.ts';
import { processorUse } from './processor.ts';
import type { BenchTokens } from './tokens.ts';
import { bodyOf, type Workload } from './workloads.ts';

/** The connections of the load. */
export const connections = 32;

/** From this share on, the server counts as saturated: the server and not the load limits the rate. */
export const saturatedFrom = 0.98;

/** The result of one round. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly cpuMicrosecondsPerRequest: number;
  /** The processor time that the load itself took. */
  readonly loadMicrosecondsPerRequest: number;
  /** The share of the round in which the main thread of the server ran or waited for its processor. */
  readonly busyShare: number;
  /** The share of the round in which the server ran. Below `busyShare`: other programs used its processor. */
  readonly ranShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers with another status than expected, and broken connections. */
  readonly errors: number;
}

/** Returns the requests of one connection, in order. Null: the connection has nothing more to send. */
export type Feed = (connection: number) => () => PreparedRequest | null;

/**
 * Makes the requests of a workload. Each connection has its part of the tokens, and sends them in turns.
 *
 * @param status - the status that an answer must have. Default 200
 */
export function feedOf(to: Started, workload: Workload, tokens: BenchTokens, status = 200): Feed {
  const url = new URL(to.url);
  const body = bodyOf(workload);
  return (connection) => {
    const parts: PreparedRequest[] = [];
    for (let index = connection; index < workload.tokens; index += connections) {
      parts.push(prepareRequest(url, body, tokens.header(index), status));
    }
    if (parts.length === 0) {
      parts.push(prepareRequest(url, body, workload.tokens === 0 ? undefined : tokens.header(0), status));
    }
    let at = -1;
    return () => {
      at = at + 1 < parts.length ? at + 1 : 0;
      return parts[at] ?? null;
    };
  };
}

/**
 * Sends requests over 32 connections, one request at a time on each.
 *
 * @param seconds - when the connections end. A feed may end earlier
 */
export async function load(to: Started, feed: Feed, seconds: number): Promise<Round> {
  const latencies = createLatencies();
  let errors = 0;
  let stopping = false;
  const feeds = Array.from({ length: connections }, (_, connection) => feed(connection));
  const before = processorUse(to.pid);
  const loadBefore = process.cpuUsage();
  const began = performance.now();
  const timer = setTimeout(() => {
    stopping = true;
  }, seconds * 1_000);
  await Promise.all(
    feeds.map((next) =>
      keepAsking(new URL(to.url), () => (stopping ? null : next()), {
        answered(latencyMs, isExpected) {
          latencies.add(latencyMs);
          if (!isExpected) errors += 1;
        },
        broken: () => {
          errors += 1;
        },
      }),
    ),
  );
  clearTimeout(timer);
  const elapsedUs = (performance.now() - began) * 1_000;
  const after = processorUse(to.pid);
  const { user, system } = process.cpuUsage(loadBefore);
  const ranUs = after.ranUs - before.ranUs;
  const ranShare = ranUs / elapsedUs;
  const busyUs =
    after.mainRanUs === null || before.mainRanUs === null
      ? ranUs
      : after.mainRanUs - before.mainRanUs + after.mainWaitedUs - before.mainWaitedUs;
  return {
    requestsPerSecond: latencies.count / (elapsedUs / 1_000_000),
    cpuMicrosecondsPerRequest: ranUs / latencies.count,
    loadMicrosecondsPerRequest: (user + system) / latencies.count,
    // The counters are read a little before and after the time.
    busyShare: Math.min(1, busyUs / elapsedUs),
    ranShare: Math.min(1, ranShare),
    p50Ms: latencies.at(0.5),
    p99Ms: latencies.at(0.99),
    errors,
  };
}
