import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameNew } from '../../src/store/backup/files.ts';
import { claimgate } from '../support/cli.ts';
import { exchange, query, refresh, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { Person } from '../support/person.ts';
import { freePort, run, temporaryFolder, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

const key = Buffer.alloc(32, 7).toString('base64');

describe('claimgate backup and claimgate restore', () => {
  let server: TestServer;
  let folder: { path: string; remove: () => Promise<void> };
  before(async () => {
    folder = await temporaryFolder();
    server = await startTestServer({ env: { CLAIMGATE_KEY: key }, config: 'export default { attempts: {} };' });
  });
  after(async () => {
    await server.dispose();
    await folder.remove();
  });

  const at = (name: string) => join(folder.path, name);
  const ask = (args: readonly string[], env: Record<string, string> = {}) =>
    claimgate(args, { env: { DATABASE_URL: server.databaseUrl, CLAIMGATE_KEY: key, ...env }, cwd: folder.path });
  const refusedWith = async (args: readonly string[], message: RegExp, env: Record<string, string> = {}) => {
    const files = async () => (await readdir(folder.path, { recursive: true })).toSorted();
    const present = await files();
    const { code, out, err } = await ask(args, env);
    assert.deepEqual([code, out], [2, ''], err);
    assert.match(err, message);
    assert.equal(err.trimEnd().split('\n').length, 1, err);
    assert.deepEqual(await files(), present);
  };

  it('S-1 a wrong argument, file or state is named in one line, with exit code 2, and nothing is written', async () => {
    assert.equal((await ask(['backup', 'first.db'])).code, 0);
    await writeFile(at('text.db'), 'this is no database, but it is long enough to be read as one');
    await copyFile(at('first.db'), at('cut.db'));
    await truncate(at('cut.db'), 8_192);
    new DatabaseSync(at('other.db')).exec('create table t (x)');
    const newer = new DatabaseSync((await copyFile(at('first.db'), at('newer.db')), at('newer.db')));
    newer.exec(`insert into kysely_migration values ('9999_later', '2030-01-01')`);
    newer.close();
    const path = server.databaseUrl.slice('file:'.length);
    await symlink(path, at('link.db'));

    await refusedWith(['backup'], /^claimgate backup: expected FILE/);
    await refusedWith(['backup', 'a.db', 'b.db'], /^claimgate backup: expected FILE/);
    await refusedWith(['backup', 'a.db', '--jsno'], /--jsno.*the nearest is --json/);
    await refusedWith(['backup', 'first.db'], /first\.db exists: name a new file, or add --yes/);
    await refusedWith(['backup', 'no/such/x.db'], /no\/such: expected an existing folder/);
    await refusedWith(['backup', '.', '--yes'], /expected the path of a file/);
    for (const name of [path, `${path}-wal`, at('link.db')])
      await refusedWith(['backup', name, '--yes'], /is the database itself/);
    await refusedWith(['backup', 'a.db'], /there is no database at/, { DATABASE_URL: 'file:none.db' });
    await refusedWith(['backup', 'a.db'], /PostgreSQL.*pg_dump/, { DATABASE_URL: 'postgres://h/d' });

    const to = { DATABASE_URL: 'file:new/claimgate.db' };
    await refusedWith(['restore'], /expected FILE.*--already-restored/, to);
    await refusedWith(['restore', 'none.db'], /there is no file none\.db/, to);
    await refusedWith(['restore', 'text.db'], /text\.db: expected a file that claimgate backup made/, to);
    await refusedWith(['restore', 'cut.db'], /cut\.db(?: is damaged|: expected a file)/, to);
    await refusedWith(['restore', 'other.db'], /it has no tables of Claimgate/, to);
    await refusedWith(['restore', 'first.db'], /PostgreSQL.*pg_restore.*--already-restored/, {
      DATABASE_URL: 'postgres://h/d',
    });
    await refusedWith(['restore', 'first.db'], /is replaced with the backup.*add --yes/);
    await refusedWith(['restore', 'first.db', '--yes'], /another process has .* open: stop every server/);
    await refusedWith(['restore', '--already-restored', '--yes'], /another process has .* open: stop every server/);
  });

  it('S-2 a restore with a wrong key, or from a newer version, changes nothing', async () => {
    await mkdir(at('data'));
    await copyFile(at('first.db'), at('data/claimgate.db'));
    const bytes = await readFile(at('data/claimgate.db'));
    const to = { DATABASE_URL: 'file:data/claimgate.db' };
    const wrong = Buffer.alloc(32, 8).toString('base64');
    await refusedWith(['restore', 'first.db', '--yes'], /^claimgate restore: CLAIMGATE_KEY: expected the key/, {
      ...to,
      CLAIMGATE_KEY: wrong,
    });
    await refusedWith(['restore', 'newer.db', '--yes'], /the backup is newer than this Claimgate/, to);
    assert.ok(bytes.equals(await readFile(at('data/claimgate.db'))));
    await writeFile(at('data/lost.db-wal'), 'left behind');
    await refusedWith(['restore', 'first.db'], /lost\.db-wal belongs to a database that is missing/, {
      DATABASE_URL: 'file:data/lost.db',
    });
  });

  it('S-3 only the owner can read a backup, and a backup with keys in clear is named', async () => {
    assert.equal((await stat(at('first.db'))).mode & 0o777, 0o600);
    const sealed = await ask(['backup', 'first.db', '--yes', '--json']);
    assert.deepEqual([sealed.code, sealed.err, sealed.json()[0].keysInClear], [0, '', false]);
    const clear = await startTestServer();
    try {
      const { code, err, json } = await ask(['backup', 'clear.db', '--json'], { DATABASE_URL: clear.databaseUrl });
      assert.deepEqual([code, json()[0].keysInClear], [0, true]);
      assert.match(err, /^claimgate backup: warning: .*clear\.db holds private signing keys in clear/);
    } finally {
      await clear.dispose();
    }
  });

  it('S-9 a file gets its name without a hard link too, and never replaces another file', async () => {
    const refuse = () => {
      throw Object.assign(new Error('not here'), { code: 'EPERM' });
    };
    await writeFile(at('one'), 'one');
    await writeFile(at('two'), 'two');
    assert.throws(() => nameNew(at('one'), at('two'), refuse), /two exists: another process made it meanwhile/);
    assert.equal(await readFile(at('two'), 'utf8'), 'two');
    nameNew(at('one'), at('three'), refuse);
    assert.equal(await readFile(at('three'), 'utf8'), 'one');
  });

  it('S-4 after a backup under load, a kill and a restore elsewhere, nothing acknowledged is lost and nothing used lives again', async (t) => {
    const { url } = server;
    const password = new Person();
    const used = await signInFor(url);
    const unused = await signInFor(url);
    const revoked = await signInFor(url);
    const session = await signInFor(url, { person: password });
    const { input: code } = await requestCode(url);
    const { input: usedCode } = await requestCode(url);

    const acknowledged: string[] = [];
    let isDone = false;
    t.after(() => {
      isDone = true;
    });
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!isDone) {
          const registered = await registerApplication(url, session.accessToken, {}).catch(() => null);
          if (registered) acknowledged.push(registered.clientId);
          else await sleep(10);
        }
      }),
    );
    await until(() => acknowledged.length >= 20);
    const before = [...acknowledged];
    const taken = await ask(['backup', 'loaded.db']);
    assert.equal(taken.code, 0, taken.err);
    const afterBackup = acknowledged.length;
    await until(() => acknowledged.length > afterBackup + 10);
    // These happen after the backup, so the backup does not know of them.
    assert.ok((await refresh(url, { refreshToken: used.refreshToken }))['accessToken']);
    assert.ok((await exchange(url, usedCode))['accessToken']);
    assert.equal((await ask(['key', 'rotate', '--now'])).code, 0);
    const grants = await ask(['grant', 'list', '--json']);
    for (const { id } of grants.json()) {
      // An ID can begin with a hyphen.
      const { code: revocation, err } = await ask(['grant', 'revoke', '--', id]);
      assert.equal(revocation, 0, err);
    }
    await server.stop('SIGKILL');
    isDone = true;
    await load;

    const place = { DATABASE_URL: `file:${at('second/claimgate.db')}`, PORT: new URL(url).port };
    const restored = await ask(['restore', 'loaded.db', '--json'], place);
    assert.equal(restored.code, 0, restored.err);
    assert.ok(restored.json()[0].grants >= 4 && restored.json()[0].signingKeys >= 1, restored.out);
    assert.equal((await stat(at('second/claimgate.db'))).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(at('second')), ['claimgate.db']);
    const second = run(program, {
      cwd: folder.path,
      env: { CLAIMGATE_KEY: key, CLAIMGATE_PUBLIC_URL: url, CLAIMGATE_ADMIN_PASSWORD: admin.password, ...place },
    });
    t.after(() => second.stop());
    await until(async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200);

    const listed = new Set(
      (await ask(['application', 'list', '--json'], place)).json().map(({ clientId }) => clientId),
    );
    assert.deepEqual(
      before.filter((clientId) => !listed.has(clientId)),
      [],
    );
    for (const { accessToken, refreshToken } of [used, unused, revoked, session]) {
      assert.equal((await query(url, '{ viewer { subject } }', { token: accessToken })).status, 401);
      assert.equal((await refresh(url, { refreshToken }))['error'], 'invalid_grant');
    }
    for (const input of [code, usedCode]) assert.equal((await exchange(url, input))['error'], 'invalid_grant');
    const page = await password.follow(await password.get(`${url}/account`), url);
    assert.match(page.html, /name="password"/);
    assert.deepEqual((await ask(['grant', 'list', '--json'], place)).json(), []);
    const { accessToken } = await signInFor(url, { scope: 'profile audit' });
    const { body } = await query(url, '{ auditEvents(first: 1, type: DATABASE_RESTORED) { nodes { type } } }', {
      token: accessToken,
    });
    assert.equal(body.data?.auditEvents.nodes.length, 1, JSON.stringify(body));
    assert.equal(await second.stop(), 0, second.output());
  });

  it('S-5 a restore replaces a database whose server was killed, and its write-ahead log does not return', async () => {
    const path = at('second/claimgate.db');
    const place = { DATABASE_URL: `file:${path}` };
    // A killed process leaves the log behind. A child that opens the file and ends at once is such a process.
    const writer = run([
      '--eval',
      `const { DatabaseSync } = require('node:sqlite');
       const d = new DatabaseSync(${JSON.stringify(path)});
       d.exec("PRAGMA journal_mode = WAL; update accounts set email = 'changed@example.com'");
       process.kill(process.pid, 'SIGKILL');`,
    ]);
    assert.equal(await writer.ended, 'SIGKILL', writer.output());
    assert.ok((await readdir(at('second'))).includes('claimgate.db-wal'));
    const restored = await ask(['restore', 'first.db', '--yes'], place);
    assert.equal(restored.code, 0, restored.err);
    assert.match(
      restored.out,
      /^Restored\. All codes, refresh tokens, sign-in sessions and access tokens .* have ended/,
    );
    const accounts = (await ask(['account', 'list', '--json'], place)).json();
    assert.deepEqual(
      accounts.map(({ email }) => email),
      [admin.email],
    );
    const database = new DatabaseSync(path);
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
    database.close();
  });

  it('S-11 a killed restore or backup changes nothing, and the next command or start removes its unfinished files', async () => {
    const path = at('third/claimgate.db');
    const place = { DATABASE_URL: `file:${path}` };
    assert.equal((await ask(['restore', 'first.db'], place)).code, 0);
    const unfinished = async (folder: string, kind: string) =>
      (await readdir(folder)).filter((name) => name.includes(`.${kind}`));
    const killed = async (args: readonly string[], folder: string, kind: string) => {
      const env = { CLAIMGATE_KEY: key, ...place };
      // The process may end before its file is seen.
      for (let tries = 0; tries < 20; tries += 1) {
        const command = run([...program, ...args], { env, cwd: folder });
        let isOver = false;
        void command.ended.then(() => {
          isOver = true;
        });
        while (!isOver && (await unfinished(folder, kind)).length === 0) await sleep(1);
        if ((await command.stop('SIGKILL')) === 'SIGKILL')
          return assert.notEqual((await unfinished(folder, kind)).length, 0);
      }
      assert.fail('no process was killed in time');
    };
    const emails = async () => (await ask(['account', 'list', '--json'], place)).json().map(({ email }) => email);

    await killed(['restore', at('first.db'), '--yes'], at('third'), 'restore');
    assert.deepEqual(await emails(), [admin.email]);
    // The unfinished file of a process that is running.
    const running = `${path}.${process.pid}-0123456789ab.restore`;
    await writeFile(running, '');
    assert.equal((await ask(['restore', at('first.db'), '--yes'], place)).code, 0);
    assert.deepEqual(await unfinished(at('third'), 'restore'), [basename(running)]);
    await rm(running);

    await killed(['restore', at('first.db'), '--yes'], at('third'), 'restore');
    const port = String(await freePort());
    const started = run(program, { cwd: at('third'), env: { CLAIMGATE_KEY: key, PORT: port, ...place } });
    try {
      await until(async () => (await fetch(`http://localhost:${port}/health/ready`).catch(() => null))?.status === 200);
      assert.deepEqual(await unfinished(at('third'), 'restore'), []);
    } finally {
      await started.stop();
    }
    await killed(['backup', at('third/one.db')], at('third'), 'partial');
    assert.equal((await ask(['backup', at('third/two.db')], place)).code, 0);
    assert.deepEqual(await unfinished(at('third'), 'partial'), []);
  });
});
