import { inspect, parseArgs } from 'node:util';
import { integerOption } from '../../support/options.ts';
import { compareExecutor } from './executor.ts';
import { compareOddExecutor } from './executor-odd.ts';
import { compareOddLane } from './lane-odd.ts';
import { compareLane } from './lane.ts';
import type { Doses } from './repeat.ts';

const comparisons: Readonly<Record<string, (doses: Doses) => Promise<object>>> = {
  lane: compareLane,
  'lane-odd': compareOddLane,
  executor: compareExecutor,
  'executor-odd': compareOddExecutor,
};

/**
 * `node test/properties/equality/run.ts lane --operations 500000 --seed 1`: compares two ways that must give the same
 * results, for generated operations. `lane` and `lane-odd` compare the server with the lane and without it. `executor`
 * and `executor-odd` compare the executor with graphql-js. It exits with 1 if they differ. The message then has the
 * seed and the case.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      operations: { type: 'string', default: '500000' },
      seed: { type: 'string' },
      path: { type: 'string' },
    },
  });
  const [name = ''] = positionals;
  const compare = comparisons[name];
  if (compare === undefined || positionals.length > 1) {
    throw new Error(`${JSON.stringify(name)}: expected one of ${Object.keys(comparisons).join(', ')}`);
  }
  // The stacks of errors are not compared, and making them takes a tenth of the time.
  Error.stackTraceLimit = 0;
  const seed = integerOption('seed', values.seed ?? `${Date.now() % 2 ** 31}`, 0);
  const operations = integerOption('operations', values.operations, 1);
  process.stdout.write(`${name}: ${operations} operations, --seed ${seed}\n`);
  const start = performance.now();
  let reported = start;
  const seen = await compare({
    operations,
    seed,
    path: values.path,
    onProgress(done) {
      if (performance.now() - reported < 60_000) return;
      reported = performance.now();
      process.stdout.write(`${((reported - start) / 1_000).toFixed(0)} s: ${done} operations\n`);
    },
  });
  const { user, system } = process.cpuUsage();
  const processorMs = ((user + system) / 1_000 / operations).toFixed(2);
  process.stdout.write(`equal. ${JSON.stringify(seen)}; ${processorMs} ms of the processor for each operation\n`);
}

try {
  await main();
  process.exit();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : inspect(error)}\n`);
  process.exit(1);
}
