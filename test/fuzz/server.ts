import { parseArgs } from 'node:util';
import { integerOption, namesOption, numberOption } from '../support/options.ts';
import { attack, type CampaignOptions, type Outcome } from './hostile/campaign.ts';
import { startKit, startServer, type Target } from './hostile/targets.ts';

const starts = { server: startServer, kit: startKit };

/**
 * `node test/fuzz/server.ts --minutes 60 --seed 1`: runs a hostile client against the real server and, at the same
 * time, against a plain Apollo Server with the kit. `--clients 8` acts run at the same time on each server, and
 * `--target server` attacks only one of them. It exits with 1 if a process ended, an answer took more than 10 s, an honest client was not served, or the heap grew.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      target: { type: 'string' },
      clients: { type: 'string' },
    },
  });
  const seconds = numberOption('minutes', values.minutes ?? '1', 0.1) * 60;
  const seed = integerOption('seed', values.seed ?? `${Date.now() % 2 ** 32}`, 0);
  const clients = integerOption('clients', values.clients ?? '8', 1);
  const names = namesOption('target', values.target ?? Object.keys(starts).join(), Object.keys(starts));
  process.stdout.write(`${seconds} s, --seed ${seed}\n`);
  const chosen = Object.entries(starts).filter(([name]) => names.includes(name));
  const targets = await Promise.all(chosen.map(([, start]) => start()));
  try {
    const outcomes = await Promise.all(targets.map((target) => attacked(target, { seconds, seed, clients })));
    if (outcomes.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
}

async function attacked(target: Target, options: CampaignOptions): Promise<Outcome> {
  const outcome = await attack(target, {
    ...options,
    onHeap: (bytes, elapsedMs) =>
      process.stdout.write(`${target.name} ${(elapsedMs / 1_000).toFixed(0)} s: heap ${megabytes(bytes)}\n`),
  });
  const { faults, counts, heapBytes } = outcome;
  process.stdout.write(
    `\n${target.name}: median heap of the middle third ${megabytes(heapBytes.middle)}, of the last ${megabytes(heapBytes.last)}\n`,
  );
  for (const [label, count] of Object.entries(counts)) process.stdout.write(`${String(count).padStart(8)}  ${label}\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${target.name}: ${fault}\n`);
  return outcome;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

await main();
