import { compareAnswers } from './answers.ts';
import { type Contender, start, type Started } from './contenders.ts';
import { feedOf, load, type Round } from './load.ts';
import type { Results } from './results.ts';
import type { BenchTokens } from './tokens.ts';
import type { Workload } from './workloads.ts';

/** How long and how often a run measures each contender. */
export interface Doses {
  readonly rounds: number;
  readonly seconds: number;
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
    for (const server of servers) await warmUp((seconds) => one(server, seconds));
    for (let round = 0; round < doses.rounds; round += 1) {
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
        const measured = await one(server, doses.seconds);
        rounds.get(server.name)?.push(measured);
        note(`${workload.name} round ${round + 1} ${server.name}`, measured);
      }
    }
    return {
      workload,
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
export async function warmUp(load: (seconds: number) => Promise<Round>): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < warmUpRounds; round += 1) {
    const { cpuMicrosecondsPerRequest: cost } = await load(warmUpSeconds);
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
