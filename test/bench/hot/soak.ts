import { writeMark } from '../marks.ts';
import { table } from '../spread.ts';
import { keepAsking, type PreparedRequest, prepareRequest } from './connection.ts';
import { contenders, start, type Started } from './contenders.ts';
import { createLatencies } from './latencies.ts';
import { connections } from './load.ts';
import { memoryOf } from './memory.ts';
import { processorUse } from './processor.ts';
import { judgeSoak, type SoakSample } from './soak-verdict.ts';
import type { BenchTokens } from './tokens.ts';
import { bodyOf, type Workload, workloads } from './workloads.ts';

const windowSeconds = 10;

/** How many connections send the mix. The others send W1. */
const mixedConnections = 8;

/**
 * Loads our server for some minutes, and looks at the latency, the memory and the errors every 10 s. Most connections
 * send W1. The others send all workloads, 1,000 tokens, wrong tokens, and documents that were never sent before.
 *
 * @returns whether p99 was steady, memory did not grow in the second half, and there was no error
 */
export async function soak(tokens: BenchTokens, minutes: number, write: boolean): Promise<boolean> {
  const ours = contenders.find(({ is }) => is === 'ours');
  if (!ours) return false;
  const server = await start(ours, tokens);
  try {
    const mix = await mixOf(server, tokens);
    const small = createLatencies();
    let requests = 0;
    const errors = new Map<string, number>();
    const failed = (what: string): void => void errors.set(what, (errors.get(what) ?? 0) + 1);
    let stopping = false;
    const url = new URL(server.url);
    const [w1] = workloads;
    const smallRequest = prepareRequest(url, w1 ? bodyOf(w1) : '', tokens.header(0));
    const asking = Array.from({ length: connections }, (_, connection) => {
      const isMixed = connection < mixedConnections;
      const nextOfMix = mix(connection);
      return keepAsking(url, () => (stopping ? null : isMixed ? nextOfMix() : smallRequest), {
        answered(latencyMs, isExpected) {
          requests += 1;
          if (!isMixed) small.add(latencyMs);
          if (!isExpected) failed(isMixed ? 'another status in the mix' : 'another status of W1');
        },
        broken: ({ message }) => failed(message),
      });
    });
    const samples: SoakSample[] = [];
    let before = processorUse(server.pid).ranUs;
    for (let window = 0; window < (minutes * 60) / windowSeconds; window += 1) {
      const began = performance.now();
      // The looks are spread over the window, so that one of them comes shortly after a collection of garbage.
      const memory = await memoryOf(server, 10, (windowSeconds * 1_000) / 10);
      const seconds = (performance.now() - began) / 1_000;
      const ranUs = processorUse(server.pid).ranUs;
      samples.push({
        requestsPerSecond: requests / seconds,
        p50Ms: small.at(0.5),
        p99Ms: small.at(0.99),
        ...memory,
        ranShare: (ranUs - before) / (seconds * 1_000_000),
      });
      before = ranUs;
      requests = 0;
      small.clear();
      const last = samples.at(-1);
      process.stderr.write(
        `${(window + 1) * windowSeconds} s: ${last?.requestsPerSecond.toFixed(0)} requests/s, p99 ${last?.p99Ms.toFixed(2)} ms, ${memory.residentMiB.toFixed(0)} MiB\n`,
      );
    }
    stopping = true;
    await Promise.all(asking);
    const verdict = judgeSoak(samples, errors);
    const text = [soakTable(samples), '', ...verdict.lines.map((line) => `- ${line}`)].join('\n');
    process.stdout.write(`\n${text}\n`);
    if (write) await writeMark('soak', `${minutes} minutes of full load.\n\n${text}`);
    return verdict.passed;
  } finally {
    await server.stop();
  }
}

/** A table with about ten of the samples. */
function soakTable(samples: readonly SoakSample[]): string {
  const step = Math.max(1, Math.floor(samples.length / 10));
  const rows = samples.flatMap((sample, index) =>
    (index + 1) % step === 0
      ? [
          [
            `${(index + 1) * windowSeconds} s`,
            sample.requestsPerSecond.toFixed(0),
            sample.p50Ms.toFixed(2),
            sample.p99Ms.toFixed(2),
            sample.residentMiB.toFixed(0),
            sample.heapMiB.toFixed(0),
            `${(100 * sample.ranShare).toFixed(0)} %`,
          ],
        ]
      : [],
  );
  const head = ['after', 'requests a second', 'p50 ms of W1', 'p99 ms of W1', 'resident MiB', 'least heap MiB', 'ran'];
  return table(head, rows);
}

/** Makes the requests of the mix, after it has asked which status each has. */
async function mixOf(
  server: Started,
  tokens: BenchTokens,
): Promise<(connection: number) => () => PreparedRequest | null> {
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
  prepared.push(prepareRequest(url, body, `${tokens.header(0)}x`, 401));
  let distinct = 0;
  return (connection) => {
    let at = connection * 100;
    return () => {
      at += 1;
      if (at % 10 !== 0) return prepared[at % prepared.length] ?? null;
      distinct += 1;
      const unknown: Pick<Workload, 'query'> = { query: `{ version { a${distinct}: name } }` };
      return prepareRequest(url, JSON.stringify(unknown), undefined);
    };
  };
}
