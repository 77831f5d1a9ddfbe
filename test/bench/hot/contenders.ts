import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writePackages } from '../../../src/packages/write.ts';
import { connectInspector, inspected, inspectorAddress, type LiveBytes } from '../../support/inspector.ts';
import { freePort, root, run, type RunningProcess, temporaryFolder } from '../../support/process.ts';
import { processorUse } from './processor.ts';
import type { BenchTokens } from './tokens.ts';
import { bodyOf, type Workload } from './workloads.ts';

export const peersFolder: string = join(root, 'test/bench/peers');

/** A server that takes part. */
export interface Contender {
  readonly name: string;
  /** Whether its ratio counts as a ratio to a peer. */
  readonly is: 'floor' | 'peer' | 'ours' | 'ours, all public';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const peer = (name: string, file: string, is: Contender['is'] = 'peer'): Contender => ({
  name,
  is,
  args: [join(peersFolder, file)],
  env: {},
});
const ours = (name: string, is: Contender['is'], env: Readonly<Record<string, string>> = {}): Contender => ({
  name,
  is,
  args: [join(root, 'dist/claimgate-server/lib/main.js')],
  env: { CLAIMGATE_CONFIG: join(peersFolder, 'claimgate.config.ts'), ...env },
});

export const contenders: readonly Contender[] = [
  peer('node:http, a fixed answer', 'floor.ts', 'floor'),
  peer('Apollo Server on Express, jose, wrapped resolvers', 'apollo-express.ts'),
  peer('Apollo Server on Express, jose, graphql-shield', 'apollo-shield.ts'),
  peer('GraphQL Yoga, plugin-jwt, generic-auth', 'yoga.ts'),
  peer('Mercurius, mercurius-auth, jit, token cache', 'mercurius-auth.ts'),
  peer('Mercurius, hand-written guards, jit, token cache', 'mercurius-hand.ts'),
  ours('Claimgate', 'ours'),
  ours('Claimgate, all public', 'ours, all public', { BENCH_OPEN: '1' }),
];

/** Installs the peers if they are not installed, and builds our packages. */
export async function prepare(): Promise<void> {
  if (!existsSync(join(peersFolder, 'node_modules'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peersFolder, stdio: 'inherit' });
  }
  await writePackages(join(root, 'dist'));
}

/** The processors of a run: one for the servers, one for the load. `null`: they are not separated. */
export function pinned(): { readonly server: string; readonly load: string } | null {
  try {
    execFileSync('taskset', ['-c', '1', 'true'], { stdio: 'ignore' });
    return { server: '0', load: '1' };
  } catch {
    return null;
  }
}

/** A started contender. */
export interface Started extends Contender {
  readonly url: string;
  readonly pid: number;
  /** The time from the start of the process to its first answer. */
  readonly bootMs: number;
  /** The processor time until then. */
  readonly bootCpuMs: number;
  /** Returns the status and the body of one request. */
  ask(workload: Workload, header?: string): Promise<{ readonly status: number; readonly text: string }>;
  /** Returns the metrics of the server by their names with labels. Only our own server has metrics. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** Forces a collection of garbage, and returns what is in use after it. The server must be started `isInspected`. */
  live(): Promise<LiveBytes>;
  stop(): Promise<void>;
}

const metricsToken = 'a metrics token of more than 32 characters';

/** The longest output of a contender that is kept, in characters: to keep all lines of the log would disturb the load. */
const mostOutput = 1024 * 1024;

export interface StartOptions {
  /** The URL of a PostgreSQL database with the rows of the shop. */
  readonly database?: string | undefined;
  /** Whether the inspector of Node.js is open, which measures what is live. Default: false. */
  readonly isInspected?: boolean;
}

/** Starts a contender on one processor, and waits for its first answer. */
export async function start(
  contender: Contender,
  tokens: BenchTokens,
  { database, isInspected = false }: StartOptions = {},
): Promise<Started> {
  const port = await freePort();
  const folder = await temporaryFolder();
  const tokensFile = join(folder.path, 'tokens.json');
  await writeFile(tokensFile, tokens.settings);
  const processors = pinned();
  const began = performance.now();
  const args = [...(isInspected ? [inspected] : []), ...contender.args];
  const child = run([...(processors ? ['-c', processors.server, process.execPath] : []), ...args], {
    ...(processors && { program: 'taskset' }),
    mostOutput,
    cwd: folder.path,
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      BENCH_TOKENS: tokensFile,
      ...(contender.is.startsWith('ours') && {
        CLAIMGATE_ADMIN_EMAIL: 'ada@example.com',
        CLAIMGATE_ADMIN_PASSWORD: 'correct horse battery',
        CLAIMGATE_METRICS_TOKEN: metricsToken,
        CLAIMGATE_PUBLIC_URL: `http://localhost:${port}`,
      }),
      ...(database !== undefined && { BENCH_POSTGRES: database }),
      ...contender.env,
    },
  });
  const { pid } = child.child;
  if (pid === undefined) throw new Error(`${contender.name} did not start`);
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/graphql`;
  while (!(await isUp(url, child))) await setTimeout(5);
  const bootMs = performance.now() - began;
  const inspector = isInspected ? await connectInspector(inspectorAddress(child.output()) ?? '') : undefined;
  return {
    ...contender,
    url,
    pid,
    bootMs,
    bootCpuMs: processorUse(pid).ranUs / 1_000,
    async ask(workload, header) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(header !== undefined && { authorization: header }) },
        body: bodyOf(workload),
      });
      return { status: response.status, text: await response.text() };
    },
    async metrics() {
      const response = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
      const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
    },
    async live() {
      if (!inspector) throw new Error(`${contender.name} was started without its inspector`);
      return inspector.live();
    },
    async stop() {
      // A process that has ended waits until its inspector is closed.
      inspector?.close();
      await child.stop();
      await folder.remove();
    },
  };
}

/** Whether the server gives an answer, of any status. */
async function isUp(url: string, child: RunningProcess): Promise<boolean> {
  if (child.child.exitCode !== null) throw new Error(`a contender ended:\n${child.output()}`);
  const body = JSON.stringify({ query: '{ __typename }' });
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(
    async (response) => (await response.text()) !== '',
    () => false,
  );
}
