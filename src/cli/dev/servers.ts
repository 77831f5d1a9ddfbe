import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FromServer, ToServer } from './messages.ts';

/** How long a server may complete its requests before it is killed, in milliseconds. */
const stopTimeoutMs = 400;

interface ServersOptions {
  /** The arguments of a waiting process. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Prints one line for the person at the terminal. */
  readonly say: (text: string) => void;
}

/** The servers of the command, one after another. */
export interface Servers {
  /**
   * Stops the present server, and starts another one.
   *
   * @param changed - the changed file, for the message; null: the first start
   */
  replace(changed: string | null): void;
  /** Stops all processes. */
  stop(): Promise<void>;
}

/**
 * Makes the servers of `claimgate dev`. While one process serves, another process has loaded the program and waits. A
 * server is killed if it does not stop quickly. This loses nothing, because each change is one transaction.
 */
export function createServers({ args, env, say }: ServersOptions): Servers {
  let waiting = prepare();
  let serving: ChildProcess | null = null;
  let starts = 0;
  let isStopped = false;
  /** The replacement in progress, and whether another change arrived during it. */
  let replacing: Promise<void> | null = null;
  let next: string | null | undefined;

  function prepare(): ChildProcess {
    return spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  async function startNext(changed: string | null): Promise<void> {
    const from = performance.now();
    const former = serving;
    serving = null;
    if (former) await end(former);
    if (isStopped) return;
    if (changed !== null) say(`${changed} has changed`);
    const server = waiting;
    if (server.exitCode !== null) {
      waiting = prepare();
      return say(`a process ended with ${server.exitCode} before it was needed; waiting for a change`);
    }
    serving = server;
    const isReady = await startOf(server, { isFirst: starts === 0 });
    starts += 1;
    waiting = prepare();
    if (!isReady) return isStopped ? undefined : say('waiting for a change');
    say(`ready after ${((performance.now() - from) / 1_000).toFixed(2)} s`);
    void once(server, 'exit').then(([code, signal]) => {
      if (serving !== server || isStopped) return;
      serving = null;
      say(`the server ended with ${String(code ?? signal)}; waiting for a change`);
    });
  }

  return {
    replace(changed) {
      next = changed;
      replacing ??= (async () => {
        while (next !== undefined && !isStopped) {
          const one = next;
          next = undefined;
          await startNext(one);
        }
      })().finally(() => {
        replacing = null;
      });
    },
    async stop() {
      isStopped = true;
      await Promise.all([end(waiting), serving && end(serving)]);
      await replacing;
      await end(waiting);
    },
  };
}

/** Makes a waiting process start the server. @returns whether it is ready. Otherwise the process has ended */
async function startOf(server: ChildProcess, message: ToServer): Promise<boolean> {
  const ended = once(server, 'exit').then(() => false);
  const ready = new Promise<boolean>((resolve) => {
    server.on('message', (answer: FromServer) => resolve(answer.is === 'ready'));
  });
  server.send(message, () => {});
  return Promise.race([ready, ended]);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
