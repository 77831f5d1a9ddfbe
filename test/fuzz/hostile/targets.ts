import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, root, temporaryFolder, until } from '../../support/process.ts';
import { program } from '../../support/program.ts';
import { waitedMs } from '../../support/processor.ts';
import { leaveOutWaits } from './due.ts';
import { connectInspector, inspected, type Inspector, inspectorAddress } from '../../support/inspector.ts';

/** An attacked server, in its own process. */
export interface Target {
  readonly name: string;
  /** The URL of the endpoint over HTTP. */
  readonly http: string;
  /** The URL for server-sent events. With `ws:`, the URL for WebSocket. */
  readonly streams: string;
  /** The origin of the authorization server; `null`: there is none. */
  readonly origin: string | null;
  /** The depth of selections that the target can execute within the time limit. */
  readonly depth: number;
  /** Forces a garbage collection. Returns the bytes of the heap that are in use. */
  heapBytes(): Promise<number>;
  /** How many requests the lane has answered; `null`: the target has no lane. */
  laneAnswers(): Promise<number | null>;
  /** How many selections the process has compiled. */
  compiledSelections(): Promise<number>;
  /** Unexpected output of the process, and its exit if it has ended. */
  faults(): readonly string[];
  stop(): Promise<void>;
}

/** The largest number of output lines that are stored. */
const mostLines = 20;

interface Watched {
  readonly child: ChildProcess;
  readonly inspector: Promise<Inspector>;
  readonly lines: readonly string[];
  readonly ended: Promise<string>;
  end(): string | null;
}

/** Starts Node.js with its inspector on loopback. Through the inspector the test collects and measures the heap. */
function launch(
  args: readonly string[],
  { cwd, env, keep }: { cwd: string; env: Record<string, string>; keep: (line: string) => boolean },
): Watched {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [inspected, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const inspector = Promise.withResolvers<Inspector>();
  const read = (line: string): void => {
    const address = inspectorAddress(line);
    if (address) connectInspector(address).then(inspector.resolve, inspector.reject);
    // A process that has ended waits for the debugger to disconnect. Without this line, it would seem to hang.
    if (line.startsWith('Waiting for the debugger')) void inspector.promise.then((connected) => connected.close());
    else if (lines.length < mostLines && keep(line)) lines.push(line.slice(0, 2_000));
  };
  createInterface(child.stdout).on('line', read);
  createInterface(child.stderr).on('line', read);
  let end: string | null = null;
  const ended = once(child, 'exit').then(([code, signal]) => (end = `ended with ${code ?? signal}`));
  return { child, inspector: inspector.promise, lines, ended, end: () => end };
}

function targetOf(
  watched: Watched,
  inspector: Inspector,
  rest: Pick<Target, 'name' | 'http' | 'streams' | 'origin' | 'depth' | 'laneAnswers'>,
): Target {
  let stopping = false;
  const countAgain = leaveOutWaits(() => waitedMs(watched.child.pid));
  return {
    ...rest,
    heapBytes: async () => (await inspector.live()).heap,
    compiledSelections: () => inspector.countCode('return (run, source, path) => {'),
    faults() {
      const end = stopping ? null : watched.end();
      return [...(end === null ? [] : [end, ...watched.lines]), ...unexpected(watched.lines)];
    },
    async stop() {
      stopping = true;
      countAgain();
      inspector.close();
      watched.child.kill('SIGTERM');
      await Promise.race([watched.ended, new Promise((resolve) => setTimeout(resolve, 15_000).unref())]);
      watched.child.kill('SIGKILL');
      await watched.ended;
    },
  };
}

/**
 * Returns lines at error level or above that do not come from the module's own resolvers. A caller's request must not
 * cause such a line.
 */
function unexpected(lines: readonly string[]): readonly string[] {
  const ofAuthor = /fuzz|Cannot return null for non-nullable field|Unexpected error value/;
  return lines.filter((line) => /"level":(?:"(?:error|fatal)"|[56]0)/.test(line) && !ofAuthor.test(line));
}

const config = `
import { hostileModule, hostilePolicies } from ${JSON.stringify(join(root, 'test/fuzz/hostile/module.ts'))};
export default {
  modules: [hostileModule],
  policies: hostilePolicies,
  scopes: { 'fuzz:never': { description: 'Never granted', roles: ['nobody'] } },
  registration: 'open',
};
`;

const metricsToken = 'a token for the metrics of the attacked server';

async function readLaneAnswers(port: number): Promise<number> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  return Number(/^claimgate_lane_requests_total\{outcome="answered"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

/**
 * Starts the real server on a new database. The server trusts `X-Forwarded-For`, so that callers can have many
 * addresses.
 */
export async function startServer(): Promise<Target> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  await writeFile(join(folder.path, 'claimgate.config.mjs'), config);
  const watched = launch(program, {
    cwd: folder.path,
    env: {
      PORT: String(port),
      CLAIMGATE_PUBLIC_URL: origin,
      CLAIMGATE_ADMIN_EMAIL: 'ada@example.com',
      CLAIMGATE_ADMIN_PASSWORD: 'correct horse battery',
      CLAIMGATE_TRUSTED_PROXIES: 'loopback',
      CLAIMGATE_METRICS_TOKEN: metricsToken,
      LOG_LEVEL: 'error',
    },
    // Most log lines are errors of the module's own resolvers.
    keep: (line) => unexpected([line]).length > 0 || !line.startsWith('{'),
  });
  await until(() => {
    if (watched.end() !== null) throw new Error(`the server ${watched.end()}:\n${watched.lines.join('\n')}`);
    return fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }, 60_000);
  const endpoint = `http://127.0.0.1:${port}/graphql`;
  const target = targetOf(watched, await watched.inspector, {
    name: 'server',
    depth: 4,
    http: endpoint,
    streams: endpoint,
    origin,
    laneAnswers: async () => readLaneAnswers(port),
  });
  return {
    ...target,
    async stop() {
      await target.stop();
      await folder.remove();
    },
  };
}

/** Starts a plain Apollo Server with the kit. */
export async function startKit(): Promise<Target> {
  let ready: { http: string; streams: string } | null = null;
  const watched = launch(['--conditions=claimgate-source', join(root, 'test/fuzz/hostile/kit-server.ts')], {
    cwd: root,
    env: { NODE_ENV: 'production' },
    keep(line) {
      if (line.startsWith('ready ')) ready = JSON.parse(line.slice(6));
      return !line.startsWith('ready ');
    },
  });
  await until(() => {
    if (watched.end() !== null) throw new Error(`the kit ${watched.end()}:\n${watched.lines.join('\n')}`);
    return ready !== null;
  }, 60_000);
  const { http = '', streams = '' } = ready ?? {};
  return targetOf(watched, await watched.inspector, {
    name: 'kit',
    depth: 1,
    http,
    streams,
    origin: null,
    laneAnswers: async () => null,
  });
}
