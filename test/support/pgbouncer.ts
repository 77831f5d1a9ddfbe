// Starts a real PgBouncer for the tests, from its Debian package.
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, run, temporaryFolder, until } from './process.ts';

const path = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((one) => existsSync(one));

/** Why tests of PgBouncer are skipped; false if it is installed. With `REQUIRE_PGBOUNCER=1`, they fail instead. */
export const skipPgbouncer: string | false =
  path || process.env.REQUIRE_PGBOUNCER ? false : 'PgBouncer is not installed (Debian: pgbouncer)';

export interface PgbouncerOptions {
  readonly mode: 'transaction' | 'session';
  /** Settings of a session that PgBouncer ignores if a client sends them. Default: it refuses the connection. */
  readonly ignored?: string;
}

/** A pooler in front of a database. */
export interface RunningPgbouncer {
  /** The URL of the database through the pooler. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a pooler on loopback in front of the server of a `postgres://` URL. */
export async function startPgbouncer(url: string, { mode, ignored = '' }: PgbouncerOptions): Promise<RunningPgbouncer> {
  if (!path) throw new Error('PgBouncer is not installed, and REQUIRE_PGBOUNCER is set');
  const target = new URL(url);
  const folder = await temporaryFolder();
  const port = await freePort();
  const users = join(folder.path, 'users.txt');
  const settings = join(folder.path, 'pgbouncer.ini');
  await writeFile(users, `"${target.username}" "${decodeURIComponent(target.password)}"\n`);
  await writeFile(
    settings,
    `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = 4
ignore_startup_parameters = ${ignored}
`,
  );
  // PgBouncer refuses to run as root. Its user must be able to read the files.
  await chmod(folder.path, 0o755);
  const nobody = userInfo().uid === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const bouncer = run([settings], { program: path, cwd: folder.path, ...nobody });
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  const stop = async () => {
    await bouncer.stop('SIGKILL');
    await folder.remove();
  };
  try {
    await until(async () => {
      const client = new pg.Client({ connectionString: through.href });
      client.on('error', () => {});
      const answers = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => {});
      return answers;
    }, 20_000);
  } catch (error) {
    await stop();
    throw new Error(`PgBouncer did not start\n${bouncer.output()}`, { cause: error });
  }
  return { url: through.href, stop };
}
