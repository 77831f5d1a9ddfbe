/**
 * `npm run bench`: the built server beside its peers, on the workloads of `workloads.ts`; what the rules cost; the
 * exchange of a code; memory; start-up; and a long load.
 *
 * Each server is one process on one processor, and the load comes from the other. The rounds of the contenders take
 * turns. Before the load, the answers are compared.
 */
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { root } from '../../support/process.ts';
import { startPostgres } from '../../support/postgres.ts';
import { writeMark } from '../marks.ts';
import { integerOption, namesOption, numberOption } from '../../support/options.ts';
import { fillPostgres } from '../peers/shop.ts';
import { contenders, pinned, prepare } from './contenders.ts';
import { type Doses, measure } from './measure.ts';
import { measureMemory } from './memory.ts';
import { measurePairs, type PairDoses } from './pairs.ts';
import { reportWorkloads } from './report.ts';
import type { Results } from './results.ts';
import { soak } from './soak.ts';
import { leastMinutes } from './soak-verdict.ts';
import { measureStartUp } from './start-up.ts';
import { makeTokens } from './tokens.ts';
import { workloads } from './workloads.ts';

const parts = ['workloads', 'pairs', 'exchange', 'memory', 'start-up'];
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: parts.join() },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    pairs: { type: 'string', default: '15' },
    'pair-seconds': { type: 'string', default: '2' },
    workloads: { type: 'string', default: workloads.map(({ name }) => name).join() },
    contenders: { type: 'string', default: '' },
    'memory-seconds': { type: 'string', default: '20' },
    soak: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`npm run bench -- [options]
  --only PARTS        some parts of ${parts.join()} (default all)
  --rounds N          rounds of each contender and workload (default 5)
  --seconds N         seconds of each round (default 4)
  --pairs N           pairs of servers with the rules on and off, for W1, W3 and W5 (default 15)
  --pair-seconds N    seconds of load for each server of a pair (default 2)
  --workloads W1,W3   some workloads (default all)
  --contenders TEXT   only contenders whose name contains one of these texts, separated by commas (default all)
  --memory-seconds N  seconds of load with 100,000 tokens, before the last look at the memory (default 20)
  --soak MINUTES      load our server for so long, at least ${leastMinutes} minutes, and nothing else
  --write             write the tables and the chart into the guide of the benchmarks
`);
  process.exit(0);
}

const tokens = makeTokens();
const doses: Doses = {
  rounds: integerOption('rounds', values.rounds, 1),
  seconds: numberOption('seconds', values.seconds, 0.1),
};
const pairDoses: PairDoses = {
  pairs: integerOption('pairs', values.pairs, 2),
  pairSeconds: numberOption('pair-seconds', values['pair-seconds'], 0.1),
};
const memorySeconds = numberOption('memory-seconds', values['memory-seconds'], 1);
const soakMinutes =
  values.soak === undefined
    ? undefined
    : integerOption(
        'soak',
        values.soak,
        leastMinutes,
        'what is live is measured once a minute, and compared in quarters',
      );
const chosen = namesOption('only', values.only, parts);
const workloadNames = namesOption(
  'workloads',
  values.workloads,
  workloads.map(({ name }) => name),
);
const chosenWorkloads = workloads.filter(({ name }) => workloadNames.includes(name));
const contenderTexts = values.contenders.split(',');
const chosenContenders = contenders.filter(
  ({ name, is }) => is === 'floor' || contenderTexts.some((text) => name.includes(text)),
);

const isOfAll = {
  workloads: values.contenders === '' && chosenWorkloads.length === workloads.length,
  pairs: workloads.every((workload) => !workload.paired || chosenWorkloads.includes(workload)),
};
for (const [part, isWhole] of Object.entries(isOfAll)) {
  if (isWhole || !values.write || soakMinutes !== undefined || !chosen.includes(part)) continue;
  throw new Error(
    `--write: the table of ${part} in the guide has all workloads and contenders; expected a run without --workloads and ` +
      `--contenders, or --only without ${part}`,
  );
}

async function main(): Promise<void> {
  await prepare();
  const processors = pinned();
  if (processors) execFileSync('taskset', ['-a', '-cp', processors.load, String(process.pid)], { stdio: 'ignore' });
  else process.stderr.write('taskset was not found: servers and load share the processors\n');
  if (soakMinutes !== undefined) {
    if (!(await soak(tokens, soakMinutes, values.write))) process.exitCode = 1;
    return;
  }
  if (chosen.includes('workloads')) await measureWorkloads();
  if (chosen.includes('pairs')) await measurePairs(chosenWorkloads, tokens, pairDoses, values.write);
  if (chosen.includes('exchange')) await measureExchange();
  if (chosen.includes('memory')) await measureMemory(tokens, memorySeconds, values.write);
  if (chosen.includes('start-up')) await measureStartUp(tokens, doses.rounds, values.write);
}

async function measureWorkloads(): Promise<void> {
  const postgres = chosenWorkloads.some(({ database }) => database === 'PostgreSQL')
    ? await startPostgres()
    : undefined;
  try {
    if (postgres) await fillPostgres(postgres.url);
    const results: Results[] = [];
    for (const workload of chosenWorkloads) {
      const database = workload.database === 'PostgreSQL' ? postgres?.url : undefined;
      results.push(await measure(workload, chosenContenders, tokens, doses, database));
    }
    await reportWorkloads(results, doses, values.write);
  } finally {
    await postgres?.dispose();
  }
}

/** Runs the benchmark of the exchange. Its servers and its client share both processors. */
async function measureExchange(): Promise<void> {
  const args = [join(root, 'test/bench/exchange.ts'), '--rounds', `${Math.max(doses.rounds, 3)}`];
  args.push('--pairs', `${pairDoses.pairs}`);
  // A process inherits the processors of this one, which has only that of the load.
  const processors = pinned();
  const command = processors ? ['taskset', '-c', `${processors.server},${processors.load}`] : [];
  const [program = process.execPath, ...rest] = [...command, process.execPath, ...args];
  const { stdout } = await promisify(execFile)(program, rest);
  process.stdout.write(`\n${stdout}`);
  if (values.write) await writeMark('exchange', `${new Date().toISOString().slice(0, 10)}.\n\n${stdout}`);
}

await main();
