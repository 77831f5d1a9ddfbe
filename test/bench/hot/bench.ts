/**
 * `npm run bench`: the built server beside its peers, on the workloads of `workloads.ts`.
 *
 * Each server is one process on one processor, and the load comes from the other. The rounds of the contenders take
 * turns. Before the load, the answers are compared.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { startPostgres } from '../../support/postgres.ts';
import { fillPostgres } from '../peers/shop.ts';
import { type Contender, contenders, pinned, prepare, start, type Started } from './contenders.ts';
import { load, type Round } from './load.ts';
import { writeReport } from './report.ts';
import type { Results } from './results.ts';
import { makeTokens } from './tokens.ts';
import { type Workload, workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    workloads: { type: 'string', default: workloads.map(({ name }) => name).join() },
    contenders: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`npm run bench -- [options]
  --rounds N         rounds of each contender and workload (default 5)
  --seconds N        seconds of each round (default 4)
  --workloads W1,W3  some workloads (default all)
  --contenders TEXT  only contenders whose name contains one of these texts, separated by commas (default all)
  --write            write the table and the chart into the guide of the benchmarks
`);
  process.exit(0);
}

const tokens = makeTokens();
const warmUpSeconds = 2;

async function main(): Promise<void> {
  const chosen = workloads.filter(({ name }) => values.workloads.split(',').includes(name));
  const texts = values.contenders.split(',');
  const taking = contenders.filter(({ name, is }) => is === 'floor' || texts.some((text) => name.includes(text)));
  await prepare();
  const processors = pinned();
  if (processors) execFileSync('taskset', ['-a', '-cp', processors.load, String(process.pid)], { stdio: 'ignore' });
  else process.stderr.write('taskset was not found: servers and load share the processors\n');
  const postgres = chosen.some(({ database }) => database === 'PostgreSQL') ? await startPostgres() : undefined;
  try {
    if (postgres) await fillPostgres(postgres.url);
    const results: Results[] = [];
    for (const workload of chosen) {
      results.push(await measure(workload, taking, workload.database === 'PostgreSQL' ? postgres?.url : undefined));
    }
    await writeReport(results, { rounds: Number(values.rounds), seconds: Number(values.seconds), write: values.write });
  } finally {
    await postgres?.dispose();
  }
}

/** Measures one workload. The servers run at the same time, but only one of them gets load. */
async function measure(workload: Workload, taking: readonly Contender[], database?: string): Promise<Results> {
  const servers: Started[] = [];
  try {
    for (const contender of taking) servers.push(await start(contender, tokens, database));
    const others = await compareAnswers(workload, servers);
    const rounds = new Map<string, Round[]>(servers.map(({ name }) => [name, []]));
    for (const server of servers) await load(server, workload, tokens, warmUpSeconds);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
        const measured = await load(server, workload, tokens, Number(values.seconds));
        rounds.get(server.name)?.push(measured);
        const { requestsPerSecond, cpuMicrosecondsPerRequest } = measured;
        const figures = `${requestsPerSecond.toFixed(0)} requests/s, ${cpuMicrosecondsPerRequest.toFixed(0)} µs`;
        process.stderr.write(`${workload.name} round ${round + 1} ${server.name}: ${figures}\n`);
      }
    }
    return {
      workload,
      contenders: servers.map((server) => ({
        name: server.name,
        is: server.is,
        bootMs: server.bootMs,
        residentMiB: server.residentMiB(),
        otherData: others.has(server.name),
        rounds: rounds.get(server.name) ?? [],
      })),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/**
 * Checks that all servers give the data that GraphQL defines. Only if a field is denied, a server may give other data.
 *
 * @returns the names of the servers that do
 */
async function compareAnswers(workload: Workload, servers: readonly Started[]): Promise<ReadonlySet<string>> {
  const header = workload.tokens === 0 ? undefined : tokens.header(0);
  const compared = servers.filter(({ is }) => is !== 'floor' && !(is === 'ours, all public' && isDenied(workload)));
  const answers = await Promise.all(
    compared.map(async (server) => {
      const { text } = await server.ask(workload, header);
      return { name: server.name, data: (JSON.parse(text) as { data?: unknown }).data ?? null, text };
    }),
  );
  // The executor of graphql-js runs in the first contender.
  const others = answers.filter(({ data }) => !isDeepStrictEqual(data, answers[0]?.data));
  if (isDenied(workload)) return new Set(others.map(({ name }) => name));
  for (const { name, text } of others) throw new Error(`${workload.name}: ${name} answered ${text.slice(0, 300)}`);
  assert.ok(answers[0]?.data, `${workload.name}: no data, but ${answers[0]?.text}`);
  return new Set();
}

function isDenied({ name }: Workload): boolean {
  return name.startsWith('W4');
}

await main();
