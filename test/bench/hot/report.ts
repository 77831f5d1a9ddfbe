import { cpus } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../support/process.ts';
import { writeMark } from '../marks.ts';
import { show, spreadOf, table } from '../spread.ts';
import { isDenied } from './answers.ts';
import { chart } from './chart.ts';
import { connections, type Round, saturatedFrom } from './load.ts';
import type { Doses } from './measure.ts';
import { bestPeer, type ContenderResult, cpu, isSaturated, rate, ratios, type Results, throughput } from './results.ts';

/** Prints the tables of the workloads. With `write`, also writes them and the chart into the guide. */
export async function reportWorkloads(results: readonly Results[], doses: Doses, write: boolean): Promise<void> {
  const conditions =
    `Node.js ${process.version}, ${cpus().length} processors, one for the server and one for the load, ` +
    `${connections} connections,\n${doses.rounds} rounds of ${doses.seconds} s in turns, ` +
    `${new Date().toISOString().slice(0, 10)}. Medians (least–greatest).`;
  const details = results.flatMap((result) => ['', ...detail(result)]);
  process.stdout.write(`${[conditions, '', summary(results), ...details].join('\n')}\n`);
  if (!write) return;
  await writeFile(join(root, 'test/bench/hot-path.svg'), chart(results));
  const image = '![Requests a second of Claimgate, as a multiple of the best peer of each workload](hot-path.svg)';
  const folded = ['<details>', '<summary>All contenders</summary>', ...details, '', '</details>'];
  await writeMark('hot path', [conditions, '', image, '', summary(results), '', ...folded].join('\n'));
}

/** The ratios to the best peer of each workload, and to the floor. */
function summary(results: readonly Results[]): string {
  const rows = results.map((result) => {
    const { workload, contenders } = result;
    const best = bestPeer(result);
    const ours = contenders.find(({ is }) => is === 'ours');
    const floor = contenders.find(({ is }) => is === 'floor');
    return [
      workload.name,
      workload.what,
      best?.name ?? '',
      ours && best ? toPeer(ours, best) : '',
      `${workload.aim}`,
      ours ? show(spreadOf(ours.rounds.map(cpu)), 1, ' µs') : '',
      ours && floor ? show(spreadOf(ratios(ours.rounds, floor.rounds, cpu)), 2) : '',
    ];
  });
  return table(
    ['', 'workload', 'the best peer', 'Claimgate ÷ best peer', 'aim', 'CPU per request', 'CPU ÷ floor'],
    rows,
  );
}

function toPeer(ours: ContenderResult, best: ContenderResult): string {
  const { ratios, by } = throughput(ours.rounds, best.rounds);
  return show(spreadOf(ratios), 2) + (by === 'cpu' ? ' by CPU' : '');
}

function detail({ workload, contenders }: Results): string[] {
  const rows = contenders.map(({ name, rounds, otherData }) => [
    otherData ? `${name} (other data than GraphQL defines)` : name,
    isSaturated(rounds) ? show(spreadOf(rounds.map(rate)), 0) : 'not saturated',
    show(spreadOf(rounds.map(cpu)), 1, ' µs'),
    busy(rounds),
    spreadOf(rounds.map(({ p50Ms }) => p50Ms)).median.toFixed(2),
    spreadOf(rounds.map(({ p99Ms }) => p99Ms)).median.toFixed(2),
    `${rounds.reduce((sum, { errors }) => sum + errors, 0)}`,
  ]);
  const head = ['', 'requests a second', 'CPU per request', 'busy', 'p50 ms', 'p99 ms', 'errors'];
  const note = isDenied(workload) ? ' Claimgate, all public, answers with the field.' : '';
  return [`**${workload.name}**, ${workload.what}.${note}`, '', `\`${workload.query}\``, '', table(head, rows)];
}

/** The least share of a round in which the server had work. Where other programs disturbed, also how much it ran. */
function busy(rounds: readonly Round[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const least = Math.min(...rounds.map(({ busyShare }) => busyShare));
  const ran = Math.min(...rounds.map(({ ranShare }) => ranShare));
  return least >= saturatedFrom && ran < saturatedFrom ? `${percent(least)}, ran ${percent(ran)}` : percent(least);
}
