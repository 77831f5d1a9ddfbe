import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccount } from '../../src/identity/accounts/accounts.ts';
import type { Store } from '../../src/identity/store.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { DatabaseKind } from './databases.ts';
import { laneEnvironment, reportLane } from './lane/switch.ts';
import { hashCheaply } from './passwords.ts';
import { freePort, type RunningProcess, run, temporaryFolder, until } from './process.ts';
import { program, sources } from './program.ts';

export interface TestServer extends RunningProcess {
  /** Its public URL. */
  readonly url: string;
  /** The address on which this process listens. */
  readonly own: string;
  /** The working directory of the process. By default, the database is in it. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** Ends it and removes its folder. */
  dispose(): Promise<void>;
}

export interface TestServerOptions {
  readonly env?: Record<string, string>;
  /** A server of the same installation. The new process uses the database and the public URL of this server. */
  readonly beside?: TestServer;
  /** The kind of its database. Default: the SQLite file that the server uses without a setting. */
  readonly database?: DatabaseKind;
  /** Run the sources. This is necessary if the configuration imports them, or loads modules that cannot be bundled. */
  readonly fromSources?: true;
  /** The source text of its configuration file, an ES module. Default: no file. */
  readonly config?: string;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

export const admin = { email: 'ada@example.com', password: 'correct horse battery' };

/** How long a start may take, in milliseconds. The machine may be slow. */
const startPatience = 30_000;

/** Starts the real server in its own process, as `npm start` does, in an empty folder. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { beside } = options;
  const port = await freePort();
  const folder = beside ? { path: beside.folder, remove: async () => {} } : await temporaryFolder();
  const url = beside?.url ?? `http://localhost:${port}`;
  if (options.config !== undefined) await writeFile(join(folder.path, 'claimgate.config.mjs'), options.config);
  const database = beside ? undefined : await options.database?.create();
  const databaseUrl = beside?.databaseUrl ?? database?.url ?? `file:${join(folder.path, 'data/claimgate.db')}`;
  const embedded = options.env?.CLAIMGATE_ISSUER === undefined;
  const server = run(options.fromSources ? sources : program, {
    cwd: folder.path,
    env: {
      PORT: String(port),
      CLAIMGATE_PUBLIC_URL: url,
      ...laneEnvironment(),
      ...((beside || database) && { DATABASE_URL: databaseUrl }),
      ...(embedded && { CLAIMGATE_ADMIN_EMAIL: admin.email, CLAIMGATE_ADMIN_PASSWORD: admin.password }),
      ...options.env,
    },
  });
  const own = `http://127.0.0.1:${port}`;
  let exit: number | string | undefined;
  server.ended.then((code) => {
    exit = code;
  });
  await until(async () => {
    if (exit !== undefined) throw new Error(`the server ended with ${exit}:\n${server.output()}`);
    // This asks `live` and not `ready`: a server whose issuer is down has started, but is not ready.
    return fetch(`${own}/health/live`).then(
      (response) => response.ok,
      () => false,
    );
  }, startPatience).catch(async (error: unknown) => {
    // If the process continued to run, the test file would not end.
    await server.stop('SIGKILL');
    throw error;
  });
  return {
    ...server,
    url: beside ? own : url,
    own,
    folder: folder.path,
    databaseUrl,
    async dispose() {
      if (exit === undefined) {
        await reportLane(own);
        await server.stop();
      }
      await database?.drop();
      await folder.remove();
    },
  };
}

/** Opens the database of the running server, for changes that no client can make. */
export async function withStore<Result>(
  { databaseUrl }: Pick<TestServer, 'databaseUrl'>,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openDatabase(databaseUrl);
  try {
    return await use(store);
  } finally {
    await store.destroy();
  }
}

/** Adds a person to the server's database. */
export async function addPerson(
  server: Pick<TestServer, 'databaseUrl'>,
  email: string,
  roles: readonly string[] = [],
): Promise<Account & { readonly id: string }> {
  const password = `the password of ${email}`;
  const passwordHash = await hashCheaply(password);
  const { id } = await withStore(server, (store) => createAccount(store, { email, passwordHash, roles }, Date.now()));
  return { id, email, password };
}
