import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningProcess, run, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { admin } from '../support/server.ts';

/** One process of an installation, which is started again when it ends, as by a supervisor. */
export interface Replica {
  readonly url: string;
  /** How often it was started. */
  readonly starts: number;
  /** Ends it with SIGKILL; it comes back by itself. */
  kill(): Promise<void>;
  /** Waits until it says that it is ready. */
  ready(): Promise<void>;
  /** Ends it for good. @returns what all its processes have printed */
  stop(): Promise<string>;
}

export interface ReplicaOptions {
  readonly port: number;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly folder: string;
}

/** Starts the real server on a port that stays its own. */
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
      // One that cannot start, since its database is away, is not tried again at once.
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
      // It may have been about to come back.
      await sleep(300);
      await current.stop('SIGKILL');
      return printed + current.output();
    },
  };
}
