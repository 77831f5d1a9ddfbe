/**
 * `npm run bench:curves`: how the cost of a request changes with rules, scopes, tokens, documents, rows and replicas.
 * The built server runs on one processor, and the load comes from another. Costs are processor time, so other programs
 * disturb them less than rates.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../support/postgres.ts';
import { pinned, prepare } from '../hot/contenders.ts';
import { namesOption, numberOption } from '../../support/options.ts';
import type { Curve } from './curve.ts';
import { keepMeasured, tableOf } from './measured.ts';
import { replicasCurve } from './replicas.ts';
import { documentsCurve, rulesCurve, scopesCurve, tokensCurve } from './requests.ts';
import { rowsCurve } from './rows.ts';

const measures: Readonly<
  Record<string, { readonly sizes: readonly number[]; of(sizes: readonly number[], seconds: number): Promise<Curve> }>
> = {
  rules: { sizes: [10, 100, 1_000, 10_000], of: rulesCurve },
  scopes: { sizes: [1, 10, 100, 1_000], of: scopesCurve },
  tokens: { sizes: [1, 100, 10_000, 100_000], of: tokensCurve },
  documents: { sizes: [1, 100, 1_000, 2_000, 5_000, 20_000], of: documentsCurve },
  rows: { sizes: [100, 1_000, 10_000, 100_000, 1_000_000], of: rowsCurve },
  replicas: { sizes: [1, 2, 4], of: onPostgres },
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(measures).join() },
    seconds: { type: 'string', default: '3' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`npm run bench:curves -- [options]
  --only CURVES   some curves of ${Object.keys(measures).join()} (default all)
  --seconds N     seconds of each measurement (default 3)
  --short         leave out the largest size of each curve
  --write         write the curves of this run into the guide of the benchmarks, and keep the others
`);
  process.exit(0);
}

async function main(): Promise<void> {
  const order = Object.keys(measures);
  const chosen = namesOption('only', values.only, order);
  const seconds = numberOption('seconds', values.seconds, 0.1);
  await prepare();
  const processors = pinned();
  if (processors) execFileSync('taskset', ['-a', '-cp', processors.load, String(process.pid)], { stdio: 'ignore' });
  for (const name of chosen) {
    const measure = measures[name];
    if (!measure) continue;
    const curve = await measure.of(values.short ? measure.sizes.slice(0, -1) : measure.sizes, seconds);
    process.stdout.write(`${tableOf(curve)}\n\n`);
    const day = new Date().toISOString().slice(0, 10);
    if (values.write) await keepMeasured({ day, node: process.version, seconds, curve }, order);
  }
}

async function onPostgres(sizes: readonly number[], seconds: number): Promise<Curve> {
  const postgres = await startPostgres();
  try {
    return await replicasCurve(sizes, seconds, postgres.url);
  } finally {
    await postgres.dispose();
  }
}

await main();
