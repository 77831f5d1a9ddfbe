import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of the project. */
export const root = new URL('../../', import.meta.url).pathname;

/** The variable with the folder in which a run of all tests notes the ports that it has given. */
export const portsVariable = 'TEST_PORTS';

const givenPorts = new Set<number>();

/** Notes that a port is given. @returns false if it was given before in this run */
async function notePort(port: number): Promise<boolean> {
  if (givenPorts.has(port)) return false;
  givenPorts.add(port);
  const folder = process.env[portsVariable];
  if (!folder) return true;
  return writeFile(join(folder, String(port)), '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}

/**
 * Returns a free port of the loopback interface. A run of all tests gives each port once: a server takes a moment until
 * it listens, and until then the port looks free to the other files.
 *
 * The port is below the ephemeral ports (Linux: from 32,768 on). Otherwise an outgoing connection could take it before
 * the server under test listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    if (!(await notePort(port))) continue;
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

/** Creates a new folder. @returns its path, and a function that removes it */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'claimgate-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Creates a temporary folder in which a configuration file finds `claimgate-server`: the sources, not the built package. */
export async function projectFolder(): ReturnType<typeof temporaryFolder> {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, 'node_modules'));
  await symlink(join(root, 'src'), join(folder.path, 'node_modules/claimgate-server'));
  await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  return folder;
}

/** A process that a test started. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** Returns what it has printed to standard output and standard error. If that is too long, at least the end of it. */
  output(): string;
  /** Sends a signal and waits for the end. @returns the exit code, or the name of the signal */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
  /** Settles when the process has ended. */
  readonly ended: Promise<number | string>;
}

/** The default of `mostOutput`. V8 has no text of more than 512 MiB. */
const defaultMostOutput = 128 * 1024 * 1024;

/**
 * Runs the project's Node.js with these arguments. The process inherits only the variables with which it finds programs
 * and compiled code.
 */
export function run(
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    cwd?: string;
    /** Another Node.js. Default: the Node.js of this process. */
    program?: string;
    /** The user of the process. Default: the present user. */
    uid?: number;
    gid?: number;
    /** The longest output that is kept, in characters. Of a longer output, the newer half is kept. Default: 128 Mi. */
    mostOutput?: number;
  } = {},
): RunningProcess {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  const { program = process.execPath, uid, gid, mostOutput = defaultMostOutput } = options;
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
    if (output.length > mostOutput) output = output.slice(-mostOutput / 2);
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

/** How many times longer than its pauses a wait may take, because the machine is slow. */
const mostLoad = 10;

/**
 * Calls a function until it returns true, with growing pauses.
 *
 * @param timeoutMs - the sum of the pauses. The time of the function itself, and the time by which the machine makes a
 * pause longer, are not counted. So a limit that the product promises holds on a slow machine too. Default: 30 s
 * @throws Error after this time
 */
export async function until(what: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const latest = Date.now() + mostLoad * timeoutMs;
  let waitedMs = 0;
  for (let pauseMs = 20; !(await what()); pauseMs = Math.min(pauseMs * 1.3, 100)) {
    if (waitedMs > timeoutMs || Date.now() > latest) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    waitedMs += pauseMs;
  }
}
