import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of the project. */
export const root = new URL('../../', import.meta.url).pathname;

/**
 * A port of the loopback interface on which nothing listens.
 *
 * It lies below the ports that the system gives to outgoing connections and to servers that name none (Linux: from 32,768 on). Those
 * would otherwise take it before the server under test listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** A new folder, and the function that removes it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'claimgate-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A process of ours, and everything it has printed so far. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** Standard output and standard error. */
  output(): string;
  /** Sends a signal and waits. @returns the exit code, or the signal's name */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
  /** Waits for its own end. */
  readonly ended: Promise<number | string>;
}

/** Runs this project's Node with these arguments, with nothing of the environment but what finds programs, and compiled ones. */
export function run(
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    cwd?: string;
    /** Another Node. Default: the one that runs this. */
    program?: string;
    /** As another user. */
    uid?: number;
    gid?: number;
  } = {},
): RunningProcess {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  const { program = process.execPath, uid, gid } = options;
  const child = spawn(program, [...args], {
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    cwd: options.cwd ?? root,
    env: { PATH, HOME, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    output: () => output,
    ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Asks again until it is true, less and less often. @throws after `timeoutMs`, 30 s by default: a machine that runs other tests is slow */
export async function until(what: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = 20; !(await what()); pauseMs = Math.min(pauseMs * 1.3, 100)) {
    if (Date.now() > deadline) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
