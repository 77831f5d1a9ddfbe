import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seeded } from '../fuzz/random.ts';
import { integerOption, numberOption } from '../support/options.ts';
import { type Site, work } from './clients.ts';
import { disturb } from './disturb.ts';
import { probeAll, renewAll, replayAll } from './finish.ts';
import { Ledger } from './ledger.ts';
import { measureRequests } from './measure.ts';
import { planFaults } from './plan.ts';
import { judge } from './referee.ts';
import { findUnsoundness } from './soundness.ts';
import { setStage } from './stage.ts';

export interface RunOptions {
  /** Seeds the plan of faults and the choices of the clients. */
  readonly seed: number;
  readonly minutes: number;
  readonly replicas: number;
  /** The URL of an empty database. Default: a new PostgreSQL server, which the run also kills. */
  readonly databaseUrl?: string;
  /** Sign-ins per minute. */
  readonly signIns: number;
}

/** The result of a run. */
export interface Outcome {
  /** Every violation; empty if there is none. */
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * The wait between the last fault and the final queries, in milliseconds. Every replica learns of every ending in this
 * time.
 */
const settling = 5_000;

/**
 * Runs clients that sign in, exchange, query and refresh. Meanwhile processes and the database are killed and
 * disconnected, keys rotate, and grants end. Then checks everything that was acknowledged.
 */
export async function runFaults({ seed, minutes, replicas, databaseUrl, signIns }: RunOptions): Promise<Outcome> {
  const stage = await setStage(replicas, databaseUrl);
  const ledger = new Ledger();
  const restore = measureRequests(ledger.durations, () => ledger.refusedForGuessing());
  let running = true;
  try {
    const accounts = [...stage.people, ...stage.officers];
    const site: Site = { url: stage.url, ledger, accounts, running: () => running };
    const duration = minutes * 60_000;
    const plan = planFaults(seeded(seed), { duration, replicas, databaseFaults: stage.databaseFaults });
    const workers = 12;
    const clients = Array.from({ length: workers }, (_, index) =>
      work(site, seeded(seed * 1_000 + index), (60_000 * workers) / signIns, 1),
    );
    await Promise.all([
      disturb({ ...stage, ledger, random: seeded(seed + 1), officers: [...stage.officers] }, plan),
      sleep(duration),
    ]);
    running = false;
    await Promise.all(clients);
    await Promise.all(stage.replicas.map((replica) => replica.ready()));
    await sleep(settling);

    const renewed = await renewAll(site);
    await probeAll(
      site,
      stage.replicas.map(({ url }) => url),
    );
    const unsound = await findUnsoundness(stage.databaseUrl);
    const replayed = await replayAll(site);
    const { facts } = ledger;
    const sorted = facts.durations.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    const figures = {
      ...ledger.counts,
      'tokens acknowledged': facts.tokens.length,
      'refreshed at the end': renewed,
      'handed in again at the end': replayed,
      'processes started': stage.replicas.reduce((sum, { starts }) => sum + starts, 0),
      'refused for guessing': ledger.facts.tooMany,
      requests: sorted.length,
      'request p50 in ms': at(0.5),
      'request p99 in ms': at(0.99),
      'longest request in ms': at(1),
    };
    return { faults: [...judge(facts), ...unsound], figures };
  } finally {
    running = false;
    restore();
    await stage.dispose();
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '2' },
      replicas: { type: 'string', default: '2' },
      'sign-ins': { type: 'string', default: '200' },
      database: { type: 'string' },
    },
  });
  const { faults, figures } = await runFaults({
    seed: integerOption('seed', values.seed, 0),
    minutes: numberOption('minutes', values.minutes, 0.1),
    replicas: integerOption('replicas', values.replicas, 1),
    signIns: integerOption('sign-ins', values['sign-ins'], 1),
    ...(values.database !== undefined && { databaseUrl: values.database }),
  });
  const lines = Object.entries(figures).map(([name, value]) => `${name}: ${value}`);
  process.stdout.write(`${[...lines, ...faults.map((fault) => `FAULT ${fault}`)].join('\n')}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
