import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type Contender, start, type Started } from './contenders.ts';
import { feedOf, load, type Round } from './load.ts';
import type { PairedRounds, Results } from './results.ts';
import type { BenchTokens } from './tokens.ts';
import type { Workload } from './workloads.ts';

/** How long and how often a run measures. */
export interface Doses {
  readonly rounds: number;
  readonly seconds: number;
  /** Pairs of rounds with the rules on and off. */
  readonly pairs: number;
  readonly pairSeconds: number;
}

const warmUpSeconds = 2;
const warmUpRounds = 5;

/** Measures one workload. The servers run at the same time, but only one of them gets load. */
export async function measure(
  workload: Workload,
  taking: readonly Contender[],
  tokens: BenchTokens,
  doses: Doses,
  database?: string,
): Promise<Results> {
  const servers: Started[] = [];
  try {
    for (const contender of taking) servers.push(await start(contender, tokens, { database }));
    const { others, statuses } = await compareAnswers(workload, servers, tokens);
    const one = async (server: Started, seconds: number): Promise<Round> =>
      load(server, feedOf(server, workload, tokens, statuses.get(server.name)), seconds);
    const rounds = new Map<string, Round[]>(servers.map(({ name }) => [name, []]));
    for (const server of servers) await warmUp(() => one(server, warmUpSeconds));
    for (let round = 0; round < doses.rounds; round += 1) {
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
        const measured = await one(server, doses.seconds);
        rounds.get(server.name)?.push(measured);
        note(`${workload.name} round ${round + 1} ${server.name}`, measured);
      }
    }
    const on = servers.find(({ is }) => is === 'ours');
    const off = servers.find(({ is }) => is === 'ours, all public');
    const pairs: PairedRounds[] = [];
    for (let pair = 0; on && off && workload.paired && pair < doses.pairs; pair += 1) {
      const first = await one(pair % 2 === 0 ? on : off, doses.pairSeconds);
      const second = await one(pair % 2 === 0 ? off : on, doses.pairSeconds);
      pairs.push(pair % 2 === 0 ? { on: first, off: second } : { on: second, off: first });
      note(`${workload.name} pair ${pair + 1} on`, pairs.at(-1)?.on ?? first);
      note(`${workload.name} pair ${pair + 1} off`, pairs.at(-1)?.off ?? second);
    }
    return {
      workload,
      pairs,
      contenders: servers.map((server) => ({
        name: server.name,
        is: server.is,
        otherData: others.has(server.name),
        rounds: rounds.get(server.name) ?? [],
      })),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Loads a server until its requests get no cheaper, for 4 to 10 s: the runtime compiles the code of the server then. */
async function warmUp(load: () => Promise<Round>): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < warmUpRounds; round += 1) {
    const { cpuMicrosecondsPerRequest: cost } = await load();
    if (cost > before * 0.95) return;
    before = cost;
  }
}

function note(what: string, round: Round): void {
  const { requestsPerSecond, cpuMicrosecondsPerRequest, busyShare, ranShare, errors } = round;
  const figures = [
    `${requestsPerSecond.toFixed(0)} requests/s`,
    `${cpuMicrosecondsPerRequest.toFixed(1)} µs`,
    `busy ${(100 * busyShare).toFixed(0)} %, ran ${(100 * ranShare).toFixed(0)} %`,
    `load ${round.loadMicrosecondsPerRequest.toFixed(1)} µs`,
    ...(errors > 0 ? [`${errors} errors`] : []),
  ];
  process.stderr.write(`${what}: ${figures.join(', ')}\n`);
}

/**
 * Checks that all servers give the data that GraphQL defines. Only if a field is denied, a server may give other data.
 *
 * @returns the names of the servers that do, and the status of each server's answer
 */
async function compareAnswers(
  workload: Workload,
  servers: readonly Started[],
  tokens: BenchTokens,
): Promise<{ readonly others: ReadonlySet<string>; readonly statuses: ReadonlyMap<string, number> }> {
  const header = workload.tokens === 0 ? undefined : tokens.header(0);
  const all = await Promise.all(
    servers.map(async (server) => {
      const { text, status } = await server.ask(workload, header);
      const data = (JSON.parse(text) as { data?: unknown }).data ?? null;
      return { name: server.name, is: server.is, data, text, status };
    }),
  );
  const statuses = new Map(all.map(({ name, status }) => [name, status]));
  const answers = all.filter(({ is }) => is !== 'floor' && !(is === 'ours, all public' && isDenied(workload)));
  // The executor of graphql-js runs in the first contender.
  const others = answers.filter(({ data }) => !isDeepStrictEqual(data, answers[0]?.data));
  if (isDenied(workload)) return { others: new Set(others.map(({ name }) => name)), statuses };
  for (const { name, text } of others) throw new Error(`${workload.name}: ${name} answered ${text.slice(0, 300)}`);
  assert.ok(answers[0]?.data, `${workload.name}: no data, but ${answers[0]?.text}`);
  return { others: new Set(), statuses };
}

/** Whether a field of the workload is denied. */
export function isDenied({ name }: Workload): boolean {
  return name.startsWith('W4');
}
