import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { readServerConfig } from '../../src/server/configuration.ts';
import { StartError } from '../../src/errors.ts';
import { startServer } from '../../src/server.ts';
import { startFault } from '../../src/server/database-faults.ts';
import { createStore, databaseFault, migrateDatabase, openDatabase } from '../../src/store/database.ts';
import { claimgate } from '../support/cli.ts';
import { openLine } from '../support/cut.ts';
import { onDatabase, onEachDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort, run, temporaryFolder, until } from '../support/process.ts';
import { program, sources } from '../support/program.ts';

/** The password of a role without privileges. It contains every character that has a meaning in a URL. */
const password = 'hun@ter/2#b?c%d:e';

/** Starts a server and asserts one database fault with this text and without the password. */
async function assertFault(databaseUrl: string, expected: RegExp): Promise<void> {
  const { path, remove } = await temporaryFolder();
  try {
    const environment = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent', PORT: String(await freePort()) };
    const { config, faults } = await readServerConfig(environment, path);
    assert.deepEqual(faults, []);
    await assert.rejects(startServer(config, { announce: () => {} }), (error) => {
      assert.ok(error instanceof StartError, String(error));
      assert.equal(error.faults.length, 1);
      const [fault = ''] = error.faults;
      assert.match(fault, /^DATABASE_URL=[^;]+: expected a database to read and write; /);
      assert.match(fault, expected);
      assert.doesNotMatch(fault, /hun|ter\/2|%23b|password@/);
      assert.ok(!fault.includes('\n'));
      return true;
    });
  } finally {
    await remove();
  }
}

/** Starts a server on loopback that is not a database. */
async function pretend(t: TestContext, answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `postgres://u:${encodeURIComponent(password)}@127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

onEachDatabase((kind) => {
  it(`G-16 ${kind.name}: tables of a newer version`, async (t) => {
    const { url, drop } = await kind.create();
    t.after(drop);
    const store = await openDatabase(url);
    await sql`insert into kysely_migration (name, timestamp) values ('9999_future', '2999')`.execute(store);
    await store.destroy();
    await assertFault(url, /the database is newer than this Claimgate; use the version that it was last used with$/);
  });
});

onDatabase('PostgreSQL', (kind) => {
  describe('G-16 an error of the PostgreSQL driver is a start fault', () => {
    let database: TestDatabase;
    const role = `nobody_${process.pid}`;
    /** The URL of the database with the role without privileges. */
    let poor: URL;
    before(async () => {
      database = await kind.create();
      const store = createStore(database.url);
      await sql`create role ${sql.id(role)} login password ${sql.lit(password)}`.execute(store);
      await sql`revoke create on schema public from public`.execute(store);
      await store.destroy();
      poor = new URL(database.url);
      poor.username = role;
      poor.password = encodeURIComponent(password);
    });
    after(async () => {
      const store = createStore(database.url);
      await sql`drop owned by ${sql.id(role)}`.execute(store).catch(() => {});
      await sql`drop role if exists ${sql.id(role)}`.execute(store);
      await store.destroy();
      await database.drop();
    });
    const changed = (change: (url: URL) => void, from: URL = poor) => {
      const url = new URL(from);
      change(url);
      return url.href;
    };

    it('G-16 no CREATE on the schema', () =>
      assertFault(
        poor.href,
        new RegExp(`its user may not make tables in the schema public: GRANT CREATE ON SCHEMA public TO ${role}$`),
      ));

    it('G-16 no right to the tables that are there', async () => {
      const full = await kind.create();
      try {
        await (await openDatabase(full.url)).destroy();
        await assertFault(
          changed((url) => {
            url.pathname = new URL(full.url).pathname;
          }),
          /permission denied for .*: grant it to the user that the URL names/,
        );
      } finally {
        await full.drop();
      }
    });

    it('G-16 no schema', () =>
      assertFault(
        changed((url) => url.searchParams.set('options', '-c search_path=nowhere')),
        /no schema of its search_path exists/,
      ));

    for (const [what, env, reason] of [
      [
        'no user, in a container whose user has no name',
        {},
        /no PostgreSQL user name .*: name the user in the URL, or in PGUSER\n/,
      ],
      [
        'TLS by the environment alone',
        { PGUSER: 'u', PGSSLMODE: 'require' },
        /: turn on TLS there, or take .* PGSSLMODE out of the environment\n/,
      ],
    ] as const) {
      it(`${what}: the start fault says what to change`, async () => {
        const url = changed((one) => {
          one.username = '';
          one.password = '';
        });
        const start = run(program, {
          cwd: '/',
          env: { DATABASE_URL: url, PORT: String(await freePort()), ...env },
        });
        assert.equal(await start.ended, 1);
        assert.match(start.output(), reason);
      });
    }

    it('a socket without a server', () =>
      assertFault('postgres:///x?host=/nowhere', /ENOENT .*: no server listens at this socket$/));

    it('sslmode=require of a provider causes no driver warning outside the log', async () => {
      const start = run(program, {
        cwd: '/',
        env: { DATABASE_URL: 'postgres://u@127.0.0.1:1/x?sslmode=require', PORT: String(await freePort()) },
      });
      assert.equal(await start.ended, 1);
      assert.match(start.output(), /ECONNREFUSED/);
      assert.doesNotMatch(start.output(), /WARNING/);
    });

    it('G-16 read-only', () =>
      assertFault(
        changed((url) => url.searchParams.set('options', '-c default_transaction_read_only=on')),
        /it is read-only$/,
      ));

    it('G-16 a wrong password', async () => {
      const wrong = changed((url) => {
        url.password = `${url.password}x`;
      });
      // If this database server trusts all connections on loopback, no password is wrong.
      await assertFault(
        wrong,
        /password authentication failed for user "nobody_\d+": a password with @ .* must be percent-encoded/,
      );
    });

    it('G-16 a database that does not exist', () =>
      assertFault(
        changed((url) => {
          url.pathname = '/nowhere';
        }),
        /database "nowhere" does not exist: create the database first$/,
      ));

    it('G-16 an unknown host', () =>
      assertFault(
        changed((url) => {
          url.hostname = 'nohost.invalid';
        }),
        /(ENOTFOUND|EAI_AGAIN) nohost\.invalid: /,
      ));

    it('G-16 no server listens there', async () => {
      const port = String(await freePort());
      await assertFault(
        changed((url) => {
          url.port = port;
        }),
        /ECONNREFUSED 127\.0\.0\.1:\d+: no server listens there$/,
      );
    });

    it('G-16 an sslrootcert, sslcert or sslkey that is missing or invalid', async () => {
      for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
        const missing = changed((url) => url.searchParams.set(name, '/nowhere/ca.pem'));
        await assertFault(
          missing,
          /ENOENT: no such file or directory, open '\/nowhere\/ca\.pem': a file that the URL names must exist/,
        );
      }
      await assertFault(
        changed((url) => url.searchParams.set('sslrootcert', '/')),
        /EISDIR/,
      );
    });

    it('G-16 a server without TLS', () =>
      assertFault(
        changed((url) => url.searchParams.set('sslmode', 'require')),
        /does not support SSL connections: turn on TLS there, or take sslmode out/,
      ));

    it('G-16 a failing TLS handshake', async (t) => {
      const url = await pretend(t, (socket) => {
        socket.once('data', () => {
          socket.write('S');
          socket.once('data', () => socket.write('no TLS at all\r\n'.repeat(20)));
        });
      });
      await assertFault(`${url}?sslmode=require`, /./);
    });

    it('G-16 a server that closes the connection, or is not a database', async (t) => {
      await assertFault(await pretend(t, (socket) => socket.destroy()), /ECONNRESET|Connection terminated/);
      const http = createHttpServer((_request, response) => response.end());
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      t.after(() => http.close());
      await assertFault(
        `postgres://u:${encodeURIComponent(password)}@127.0.0.1:${(http.address() as AddressInfo).port}/x`,
        /./,
      );
    });

    it('G-16 a server that does not answer', async (t) => {
      const line = await openLine(Number(poor.port));
      t.after(() => line.close());
      line.set('stalled');
      await assertFault(
        changed((url) => {
          url.port = String(line.port);
        }),
        /timeout: it did not answer in time$|timeout expired: it did not answer in time$/,
      );
    });

    it('G-15, G-16 the whole program and its commands report it without a stack trace or a part of the password', async () => {
      const { path, remove } = await temporaryFolder();
      const env = { DATABASE_URL: poor.href, LOG_LEVEL: 'trace', PORT: String(await freePort()) };
      const server = run(program, { cwd: path, env });
      assert.equal(await server.ended, 1);
      assert.match(server.output(), /^Claimgate cannot start:\n {2}- DATABASE_URL=postgres:\/\/nobody_\d+:…@127/);
      const listed = await claimgate(['account', 'list'], { cwd: path, env });
      assert.equal(listed.code, 1);
      const token = await claimgate(['token'], { cwd: path, env, input: 'a.b.c' });
      for (const text of [server.output(), listed.err + listed.out, token.err + token.out]) {
        assert.doesNotMatch(text, /^\s+at /m);
        assert.doesNotMatch(text, /hun|ter%2F|%23b/);
      }
      await remove();
    });
  });
});

describe('G-16 an error of the SQLite driver is a start fault', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder.path, 'text.db'), 'this is no database, however long it is. '.repeat(50));
    await mkdir(join(folder.path, 'folder.db'));
  });
  after(() => folder.remove());
  const url = (name: string) => `file:${join(folder.path, name)}`;

  it('G-16 not a database', () => assertFault(url('text.db'), /file is not a database: name another file, or none$/));
  it('G-16 a folder', () => assertFault(url('folder.db'), /folder\.db is a folder: expected a file, or none$/));
  it('G-16 a file in the place of a folder', () =>
    assertFault(url('text.db/x/y.db'), /text\.db is a file: expected a folder there$/));

  it('G-16 locked by another process', async () => {
    await (await openDatabase(url('locked.db'))).destroy();
    const holder = new DatabaseSync(join(folder.path, 'locked.db'));
    holder.exec('pragma locking_mode = exclusive; begin exclusive; create table held (x); commit');
    try {
      await assertFault(url('locked.db'), /database is locked: another process keeps it locked; end that process$/);
    } finally {
      holder.close();
    }
  });

  it('G-16 locked for a moment by another process that starts is not a fault', async () => {
    await (await openDatabase(url('moment.db'))).destroy();
    const path = JSON.stringify(join(folder.path, 'moment.db'));
    const holder = run([
      '-e',
      `const database = new (require('node:sqlite').DatabaseSync)(${path});
      database.exec('pragma locking_mode = exclusive; begin exclusive; create table held (x); commit');
      console.log('locked');
      setTimeout(() => database.close(), 300);`,
    ]);
    await until(() => holder.output().includes('locked'));
    assert.equal(await databaseFault(url('moment.db')), null);
    assert.equal(await holder.ended, 0);
  });

  it('G-16 no room', async () => {
    const databaseUrl = url('full.db');
    const store = createStore(databaseUrl);
    await sql`pragma max_page_count = 3`.execute(store);
    const thrown = await migrateDatabase(databaseUrl, store).catch((error: unknown) => error);
    await store.destroy();
    const fault = startFault({ databaseUrl, databaseSessionUrl: undefined }, thrown);
    assert.ok(fault instanceof StartError, String(thrown));
    assert.match(fault.message, /^DATABASE_URL=file:.*full\.db: .*database or disk is full: make room on the disk$/);
  });

  it('G-16 no right to the folder or the file', async () => {
    const guarded = await temporaryFolder();
    await mkdir(join(guarded.path, 'data'));
    await writeFile(join(guarded.path, 'data/x.db'), '');
    // Root may write in every folder, so the server runs as another user.
    const nobody = userInfo().uid === 0 ? { uid: 65_534, gid: 65_534 } : {};
    await chmod(guarded.path, 0o755);
    await chmod(join(guarded.path, 'data'), 0o555);
    for (const name of ['data/x.db', 'data/new/y.db']) {
      const env = { DATABASE_URL: `file:${join(guarded.path, name)}`, PORT: String(await freePort()) };
      // The built program is in a folder that only the user of the tests may read.
      const server = run(sources, { cwd: guarded.path, env, ...nobody });
      assert.equal(await server.ended, 1, server.output());
      assert.match(
        server.output(),
        /EACCES: permission denied, access '.*data': let the user of this process read and write it\n$/,
      );
      assert.doesNotMatch(server.output(), /^\s+at /m);
    }
    await chmod(join(guarded.path, 'data'), 0o755);
    await guarded.remove();
  });

  it('G-16 an error that does not come from the database stays unchanged', () => {
    const defect = new TypeError('x is not a function');
    assert.equal(startFault({ databaseUrl: 'file:x', databaseSessionUrl: undefined }, defect), defect);
  });
});
