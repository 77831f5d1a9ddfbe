import { join } from 'node:path';
import { freePort, type RunningProcess, root, run, temporaryFolder, until } from './process.ts';

export interface TestServer extends RunningProcess {
  /** Its public URL. */
  readonly url: string;
  /** The working directory of the process, with the database in it. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** Ends it and removes its folder. */
  dispose(): Promise<void>;
}

export interface TestServerOptions {
  readonly env?: Record<string, string>;
  /** Share another server's database and port number in the public URL: a second process of the same installation. */
  readonly beside?: TestServer;
}

export const admin = { email: 'ada@example.com', password: 'correct horse battery' };

/** Starts the real server in a process of its own, as `npm start` does, in an empty folder. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { beside } = options;
  const port = await freePort();
  const folder = beside ? { path: beside.folder, remove: async () => {} } : await temporaryFolder();
  const url = beside?.url ?? `http://localhost:${port}`;
  const embedded = options.env?.CLAIMGATE_ISSUER === undefined;
  const server = run([join(root, 'src/main.ts')], {
    cwd: folder.path,
    env: {
      PORT: String(port),
      CLAIMGATE_PUBLIC_URL: url,
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
    return fetch(`${own}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  });
  return {
    ...server,
    url: beside ? own : url,
    folder: folder.path,
    databaseUrl: `file:${join(folder.path, 'data/claimgate.db')}`,
    async dispose() {
      if (exit === undefined) await server.stop();
      await folder.remove();
    },
  };
}
