/**
 * `npm run bench:curves`: how the cost of a request changes with rules, scopes, tokens, documents, rows and replicas.
 * The built server runs on one processor, and the load comes from another. Costs are processor time, so other programs
 * disturb them less than rates.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../support/postgres.ts';
import { root } from '../../support/process.ts';
import { pinned, prepare } from '../hot/contenders.ts';
import { writeMark } from '../marks.ts';
import { table } from '../spread.ts';
import { curvesChart } from './chart.ts';
import type { Curve } from './curve.ts';
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
  --write         write the tables and the chart into the guide of the benchmarks
`);
  process.exit(0);
}

async function main(): Promise<void> {
  await prepare();
  const processors = pinned();
  if (processors) execFileSync('taskset', ['-a', '-cp', processors.load, String(process.pid)], { stdio: 'ignore' });
  const curves: Curve[] = [];
  for (const name of values.only.split(',')) {
    const measure = measures[name];
    if (!measure) throw new Error(`--only: there is no curve "${name}"; expected ${Object.keys(measures).join(', ')}`);
    const sizes = values.short ? measure.sizes.slice(0, -1) : measure.sizes;
    curves.push(await measure.of(sizes, Number(values.seconds)));
    process.stdout.write(`${text(curves.at(-1))}\n\n`);
  }
  if (!values.write) return;
  await writeFile(join(root, 'test/bench/curves.svg'), curvesChart(curves));
  const day = new Date().toISOString().slice(0, 10);
  const image = '![The cost of a request against rules, scopes, tokens, documents, rows and replicas](curves.svg)';
  await writeMark('curves', [`Node.js ${process.version}, ${day}.`, image, ...curves.map(text)].join('\n\n'));
}

async function onPostgres(sizes: readonly number[], seconds: number): Promise<Curve> {
  const postgres = await startPostgres();
  try {
    return await replicasCurve(sizes, seconds, postgres.url);
  } finally {
    await postgres.dispose();
  }
}

function text(curve: Curve | undefined): string {
  if (!curve) return '';
  const sizes = curve.series[0]?.points.map(({ size }) => size.toLocaleString('en')) ?? [];
  const rows = curve.series.map(({ name, points }) => [name, ...points.map(({ value }) => value.toFixed(1))]);
  return table([`${curve.of}, ${curve.unit}`, ...sizes], rows);
}

await main();
