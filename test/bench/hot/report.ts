import { cpus } from 'node:os';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../support/process.ts';
import { show, spreadOf, table } from '../spread.ts';
import { chart } from './chart.ts';
import type { Round } from './load.ts';
import { bestPeer, type ContenderResult, rate, type Results } from './results.ts';

/** Prints the tables of a run. With `write`, also writes them and the chart into the guide. */
export async function writeReport(
  results: readonly Results[],
  { rounds, seconds, write }: { readonly rounds: number; readonly seconds: number; readonly write: boolean },
): Promise<void> {
  const conditions =
    `Node.js ${process.version}, ${cpus().length} processors, one for the server and one for the load, ` +
    `32 connections, ${rounds} rounds of ${seconds} s in turns, medians (least–greatest).`;
  const text = [conditions, '', summary(results), ...results.flatMap((result) => ['', ...detail(result)])].join('\n');
  process.stdout.write(`${text}\n`);
  if (!write) return;
  await writeFile(join(root, 'test/bench/hot-path.svg'), chart(results));
  const guide = join(root, 'test/bench/README.md');
  const [before = '', rest = ''] = (await readFile(guide, 'utf8')).split('<!-- bench: hot path -->\n');
  const after = rest.split('<!-- end bench -->')[1];
  if (after === undefined) throw new Error('test/bench/README.md: expected the marks of the hot path, found none');
  await writeFile(guide, `${before}<!-- bench: hot path -->\n${text}\n<!-- end bench -->${after}`);
}

/** The ratios to the best peer of each workload. */
function summary(results: readonly Results[]): string {
  const rows = results.map((result) => {
    const { workload } = result;
    const best = bestPeer(result);
    const ours = result.contenders.find(({ is }) => is === 'ours');
    const open = result.contenders.find(({ is }) => is === 'ours, all public');
    const floor = result.contenders.find(({ is }) => is === 'floor');
    const denied = workload.name.startsWith('W4');
    return [
      workload.name,
      workload.what,
      best?.name ?? '',
      ours && best ? ratio(ours, best, rate) : '',
      `${workload.aim}`,
      ours && open && !denied ? ratio(ours, open, rate) : '',
      ours && floor ? ratio(ours, floor, cpu) : '',
    ];
  });
  const head = ['', 'workload', 'the best peer', 'Claimgate ÷ best peer', 'aim', 'rules on ÷ off', 'CPU ÷ floor'];
  return table(head, rows);
}

function detail({ workload, contenders }: Results): string[] {
  const rows = contenders.map(({ name, rounds, bootMs, residentMiB, otherData }) => [
    otherData ? `${name} (other data than GraphQL defines)` : name,
    show(spreadOf(rounds.map(rate)), 0),
    show(spreadOf(rounds.map(cpu)), 0, ' µs'),
    spreadOf(rounds.map(({ p50Ms }) => p50Ms)).median.toFixed(1),
    spreadOf(rounds.map(({ p99Ms }) => p99Ms)).median.toFixed(1),
    `${rounds.reduce((sum, { errors }) => sum + errors, 0)}`,
    bootMs.toFixed(0),
    residentMiB.toFixed(0),
  ]);
  const head = ['', 'requests a second', 'CPU per request', 'p50 ms', 'p99 ms', 'errors', 'start ms', 'memory MiB'];
  return [`**${workload.name}**, ${workload.what}: \`${workload.query}\``, '', table(head, rows)];
}

const cpu = ({ cpuMicrosecondsPerRequest }: Round): number => cpuMicrosecondsPerRequest;

/** The spread of the ratios of the rounds with the same number. */
function ratio(one: ContenderResult, to: ContenderResult, of: (round: Round) => number): string {
  const ratios = one.rounds.flatMap((round, index) => (to.rounds[index] ? [of(round) / of(to.rounds[index])] : []));
  return show(spreadOf(ratios), 2);
}
