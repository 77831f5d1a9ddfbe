import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { githubSdl } from '../../support/github.ts';
import { root, temporaryFolder } from '../../support/process.ts';
import { sources } from '../../support/program.ts';
import { writeMark } from '../marks.ts';
import { show, spreadOf, table } from '../spread.ts';
import { type Contender, contenders, start } from './contenders.ts';
import type { BenchTokens } from './tokens.ts';

/**
 * Measures the time from the start of a process to its first answer, for each contender, for `npm start` without a
 * configuration, and for a server with GitHub's public schema.
 */
export async function measureStartUp(tokens: BenchTokens, starts: number, write: boolean): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const sdl = join(folder.path, 'github.graphql');
    await writeFile(sdl, githubSdl());
    const built = contenders.find(({ is }) => is === 'ours');
    if (!built) return;
    const github = { CLAIMGATE_CONFIG: join(root, 'test/bench/hot/github.config.ts'), BENCH_SDL: sdl };
    const started: readonly Contender[] = [
      ...contenders.filter(({ is }) => is !== 'ours, all public'),
      { name: 'Claimgate without a configuration', is: 'ours', args: built.args, env: {} },
      { name: 'the same by `npm start`, from the sources', is: 'ours', args: sources, env: {} },
      {
        name: "Claimgate with GitHub's schema of 1,639 types and 2,300 rules",
        is: 'ours',
        args: built.args,
        env: github,
      },
    ];
    const times = new Map(started.map(({ name }) => [name, { wallMs: [] as number[], cpuMs: [] as number[] }]));
    for (let turn = 0; turn < starts; turn += 1) {
      for (const contender of started) {
        const server = await start(contender, tokens);
        await server.stop();
        times.get(contender.name)?.wallMs.push(server.bootMs);
        times.get(contender.name)?.cpuMs.push(server.bootCpuMs);
        process.stderr.write(`start of ${contender.name}: ${server.bootMs.toFixed(0)} ms\n`);
      }
    }
    const rows = [...times].map(([name, { wallMs, cpuMs }]) => [
      name,
      show(spreadOf(wallMs), 0, ' ms'),
      show(spreadOf(cpuMs), 0, ' ms'),
    ]);
    const text = table(['', 'to the first answer', 'processor time'], rows);
    process.stdout.write(`\n${text}\n`);
    if (write) await writeMark('start-up', `Medians (least–greatest) of ${starts} starts in turns.\n\n${text}`);
  } finally {
    await folder.remove();
  }
}
