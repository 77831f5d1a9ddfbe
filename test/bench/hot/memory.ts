import { writeMark } from '../marks.ts';
import { table } from '../spread.ts';
import { prepareRequest } from './connection.ts';
import { contenders, start, type Started } from './contenders.ts';
import { type MemoryUse, memoryOf } from './live.ts';
import { connections, type Feed, feedOf, load } from './load.ts';
import type { BenchTokens } from './tokens.ts';
import { bodyOf, workloads } from './workloads.ts';

/** The tokens that the cache of the server can hold. */
const tokenCount = 100_000;
/** How long the load with one token lasts. */
const firstSeconds = 10;

/**
 * Measures the memory of our server: after the start, after a load with one token, with 100,000 tokens in the cache,
 * and after a load with all these tokens.
 *
 * @param loadSeconds - how long the load with all tokens lasts
 */
export async function measureMemory(tokens: BenchTokens, loadSeconds: number, write: boolean): Promise<void> {
  const ours = contenders.find(({ is }) => is === 'ours');
  const [workload] = workloads;
  if (!ours || !workload) return;
  const server = await start(ours, tokens, { isInspected: true });
  const seen: [when: string, use: MemoryUse][] = [];
  const look = async (when: string): Promise<void> => {
    const use = await memoryOf(server);
    seen.push([when, use]);
    process.stderr.write(
      `memory ${when}: ${use.residentMiB.toFixed(0)} MiB resident, ${use.liveMiB.toFixed(1)} MiB live\n`,
    );
  };
  try {
    await look('after the start');
    await load(server, feedOf(server, workload, tokens), firstSeconds);
    await look(`after ${firstSeconds} s of load with one token`);
    const filled = await load(server, eachTokenOnce(server, tokens), 3_600);
    await look(`after ${tokenCount.toLocaleString('en')} tokens, each once`);
    const before = await cachedVerifications(server);
    const again = await load(server, eachTokenOnce(server, tokens), 3_600);
    const found = (await cachedVerifications(server)) - before;
    await load(server, feedOf(server, { ...workload, tokens: tokenCount }, tokens), loadSeconds);
    await look(`after ${loadSeconds} s of load with all of them`);
    const rows = seen.map(([when, { residentMiB, residentAfterMiB, liveMiB }]) => [
      when,
      residentMiB.toFixed(0),
      residentAfterMiB.toFixed(0),
      liveMiB.toFixed(1),
    ]);
    const text = [
      `W1 over ${connections} connections, ${new Date().toISOString().slice(0, 10)}. Live is what is in use after a forced ` +
        'collection of\ngarbage.',
      '',
      table(['', 'resident MiB', 'resident MiB after a collection', 'live MiB'], rows),
      '',
      `In a second turn of the ${tokenCount.toLocaleString('en')} tokens, the cache had ${((100 * found) / tokenCount).toFixed(1)} %.\n` +
        `A token for the first time takes ${filled.cpuMicrosecondsPerRequest.toFixed(0)} µs of the processor with its request,\n` +
        `and ${again.cpuMicrosecondsPerRequest.toFixed(0)} µs the second time.`,
    ].join('\n');
    process.stdout.write(`\n${text}\n`);
    if (write) await writeMark('memory', text);
  } finally {
    await server.stop();
  }
}

function eachTokenOnce(server: Started, tokens: BenchTokens): Feed {
  const url = new URL(server.url);
  const [workload] = workloads;
  const body = workload ? bodyOf(workload) : '';
  return (connection) => {
    let index = connection - connections;
    return () => {
      index += connections;
      return index < tokenCount ? prepareRequest(url, body, tokens.header(index)) : null;
    };
  };
}

/** Returns how many tokens were found in the cache. */
async function cachedVerifications(server: Started): Promise<number> {
  const metrics = await server.metrics();
  let count = 0;
  for (const [name, value] of metrics) {
    if (name.startsWith('claimgate_verifications_total') && name.includes('cache="hit"')) count += value;
  }
  return count;
}
