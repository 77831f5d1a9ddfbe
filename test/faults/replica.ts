import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningProcess, run, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { admin } from '../support/server.ts';

/** One process of an installation. It restarts when it ends, as under a supervisor. */
export interface Replica {
  readonly url: string;
  /** How often the process was started. */
  readonly starts: number;
  /** Ends the process with SIGKILL. It restarts. */
  kill(): Promise<void>;
  /** Waits until the process reports that it is ready. */
  ready(): Promise<void>;
  /**
   * Ends the process and does not restart it.
   * @returns the output of all its processes
   */
  stop(): Promise<string>;
}

export interface ReplicaOptions {
  readonly port: number;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly folder: string;
}

/** Starts the real server on a port that stays the same after restarts. */
export function startReplica({ port, publicUrl, databaseUrl, folder }: ReplicaOptions): Replica {
  let stopping = false;
  let starts = 0;
  let printed = '';
  let current = start();
  const url = `http://127.0.0.1:${port}`;

  function start(): RunningProcess {
    starts += 1;
    const started = run(program, {
      cwd: folder,
      env: {
        PORT: String(port),
        CLAIMGATE_PUBLIC_URL: publicUrl,
        DATABASE_URL: databaseUrl,
        CLAIMGATE_ADMIN_EMAIL: admin.email,
        CLAIMGATE_ADMIN_PASSWORD: admin.password,
        LOG_LEVEL: 'warn',
      },
    });
    void started.ended.then(async () => {
      printed += started.output();
      // Waits before a restart, because the process ends at once while the database is unavailable.
      await sleep(200);
      if (!stopping) current = start();
    });
    return started;
  }

  return {
    url,
    get starts() {
      return starts;
    },
    async kill() {
      await current.stop('SIGKILL');
    },
    ready: () =>
      until(
        () =>
          fetch(`${url}/health/ready`).then(
            (response) => response.ok,
            () => false,
          ),
        60_000,
      ),
    async stop() {
      stopping = true;
      await current.stop('SIGKILL');
      // The process may have been restarting.
      await sleep(300);
      await current.stop('SIGKILL');
      return printed + current.output();
    },
  };
}
