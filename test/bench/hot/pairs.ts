import { writeMark } from '../marks.ts';
import { table } from '../spread.ts';
import { compareAnswers } from './answers.ts';
import { contenders, start, type Started } from './contenders.ts';
import { ratioInterval, showInterval } from './interval.ts';
import { feedOf, load, type Round } from './load.ts';
import { warmUp } from './measure.ts';
import { cpu, isSaturated, rate, ratios, type Share, together } from './results.ts';
import type { BenchTokens } from './tokens.ts';
import type { Workload } from './workloads.ts';

/** How many pairs a run measures, and how long each of the two servers of a pair gets load. */
export interface PairDoses {
  readonly pairs: number;
  readonly pairSeconds: number;
}

/** The two sides of a pair: Claimgate with the rules, and with the same schema all public. */
export interface Pair {
  readonly on: Share;
  readonly off: Share;
}

const sides = { on: 'ours', off: 'ours, all public' } as const;
type Side = keyof typeof sides;

/** The servers of a pair take turns after this time, so that what disturbs the machine meets both. */
const sliceSeconds = 0.25;

/** Measures what the rules cost, on the workloads that are for it. With `write`, also writes the table into the guide. */
export async function measurePairs(
  chosen: readonly Workload[],
  tokens: BenchTokens,
  doses: PairDoses,
  write: boolean,
): Promise<void> {
  const rows: string[][] = [];
  for (const workload of chosen.filter(({ paired }) => paired)) {
    const pairs: Pair[] = [];
    for (let number = 0; number < doses.pairs; number += 1) {
      const pair = await measurePair(workload, tokens, doses.pairSeconds, number % 2 === 0 ? 'on' : 'off');
      pairs.push(pair);
      const figures = [cpu(pair.on), cpu(pair.off)].map((value) => value.toFixed(2));
      process.stderr.write(`${workload.name} pair ${number + 1}: ${figures.join(' µs on, ')} µs off\n`);
    }
    rows.push([workload.name, ...intervals(pairs), `${pairs.length}`]);
  }
  if (rows.length === 0) return;
  const text = [
    `${doses.pairs} pairs, each of two new processes, with ${doses.pairSeconds} s of load for each of them; ` +
      `${new Date().toISOString().slice(0, 10)}.\nRatios with their 95 % interval (Student's t, on the logarithms).`,
    '',
    table(['', 'requests a second, on ÷ off', 'CPU per request, on ÷ off', 'pairs'], rows),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  if (write) await writeMark('rules on and off', text);
}

/** The ratio of the requests a second, where they say something, and that of the processor time. */
function intervals(pairs: readonly Pair[]): readonly string[] {
  const [on, off] = [pairs.map((pair) => pair.on), pairs.map((pair) => pair.off)];
  const isLimit = isSaturated(on) && isSaturated(off);
  return [
    isLimit ? showInterval(ratioInterval(ratios(on, off, rate))) : 'not saturated',
    showInterval(ratioInterval(ratios(on, off, cpu))),
  ];
}

/**
 * Starts both servers, warms them up, and gives them load in short slices in turns. The order of the turns alternates.
 * No other server runs. Each pair has new processes, because two processes of the same server differ too: the runtime
 * compiles and places their code differently.
 */
async function measurePair(
  workload: Workload,
  tokens: BenchTokens,
  pairSeconds: number,
  startsWith: Side,
): Promise<Pair> {
  const order: readonly Side[] = startsWith === 'on' ? ['on', 'off'] : ['off', 'on'];
  const servers = new Map<Side, Started>();
  try {
    for (const side of order) {
      const contender = contenders.find(({ is }) => is === sides[side]);
      if (contender) servers.set(side, await start(contender, tokens));
    }
    await compareAnswers(workload, [...servers.values()], tokens);
    const feeds = new Map([...servers].map(([side, server]) => [side, feedOf(server, workload, tokens)]));
    const loaded = async (side: Side, seconds: number): Promise<Round> => {
      const [server, feed] = [servers.get(side), feeds.get(side)];
      if (!server || !feed) throw new Error(`the server with the rules ${side} was not started`);
      const round = await load(server, feed, seconds);
      if (round.errors > 0) throw new Error(`${workload.name}, rules ${side}: ${round.errors} requests failed`);
      return round;
    };
    for (const side of order) await warmUp((seconds) => loaded(side, seconds));
    const slices = { on: [] as Round[], off: [] as Round[] };
    for (let slice = 0; slice < Math.max(1, Math.round(pairSeconds / sliceSeconds)); slice += 1) {
      for (const side of slice % 2 === 0 ? order : order.toReversed()) {
        slices[side].push(await loaded(side, Math.min(sliceSeconds, pairSeconds)));
      }
    }
    return { on: together(slices.on), off: together(slices.off) };
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
}
